"""Code sets the library brings along: the codes only, no texts. `validate.codes.use_codes` replaces any of them."""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


STATES = _codes("""
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR
    PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI UM FM MH PW AA AE AP AB BC MB NB NL NS NT NU ON PE QC SK YT
""")
"""States, territories, military posts and Canadian provinces (N402)."""

COUNTRIES = _codes("""
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
    GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
""")
"""ISO 3166."""

CURRENCIES = _codes("""
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
""")
"""ISO 4217."""

PLACES_OF_SERVICE = _codes("""
    01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 51 52 53
    54 55 56 57 58 60 61 62 65 66 71 72 81 99
""")
"""CMS place-of-service codes, 2026."""

STATUS_CATEGORIES = _codes("""
    A0 A1 A2 A3 A4 A5 A6 A7 A8 D0 E0 E1 E2 E3 E4 F0 F1 F2 F3 F3F F3N F4 F5 P0 P1 P2 P3 P4 P5 R0 R1 R10 R11 R12 R13 R14
    R15 R16 R17 R3 R4 R5 R6 R7 R8 R9 RQ X0
""")
"""Claim status categories."""

ENTITIES = _codes("""
    03 13 17 1E 1G 1H 1I 1O 1P 1Q 1R 1S 1T 1U 1V 1W 1X 1Y 1Z 28 2A 2B 2E 2I 2K 2P 2Q 2S 2Z 30 36 3A 3C 3D 3E 3F 3G 3H
    3I 3J 3K 3L 3M 3N 3O 3P 3Q 3R 3S 3T 3U 3V 3W 3X 3Y 3Z 40 41 43 44 4A 4B 4C 4D 4E 4F 4G 4H 4I 4J 4L 4M 4N 4O 4P 4Q
    4R 4S 4U 4V 4W 4X 4Y 4Z 5A 5B 5C 5D 5E 5F 5G 5H 5I 5J 5K 5L 5M 5N 5O 5P 5Q 5R 5S 5T 5U 5V 5W 5X 5Y 5Z 61 6A 6B 6C
    6D 6E 6F 6G 6H 6I 6J 6K 6L 6M 6N 6O 6P 6Q 6R 6S 6U 6V 6W 6X 6Y 71 72 73 74 77 7C 80 82 84 85 87 95 AY CK CZ D2 DD
    DJ DK DN DO DQ E1 E2 E7 E9 FA FD FE G0 G3 GB GD GI GJ GK GM GY HF HH I3 IJ IL IN LI LR MR OB OD OX P0 P2 P3 P4 P6
    P7 PR PT PV PW QA QB QC QD QE QH QK QL QN QO QS QV QY RC RW S4 SJ SU T4 TQ TT TU UH X3 X4 X5 ZZ
""")
"""Entity identifiers used beside a claim status."""


def _numbered(prefix: str, first: int, last: int, width: int = 1) -> set[str]:
    return {f"{prefix}{number:0{width}d}" for number in range(first, last + 1)}


ADJUSTMENT_REASONS = frozenset(
    _numbered("", 1, 308)
    | _numbered("A", 0, 8)
    | _numbered("B", 1, 23)
    | _numbered("D", 1, 23)
    | _numbered("P", 1, 32)
    | _numbered("W", 1, 9)
    | _numbered("Y", 1, 3)
)
"""Claim adjustment reason codes (CARC), with those no longer given out."""

REMARKS = frozenset(_numbered("M", 1, 144) | _numbered("MA", 1, 134, 2) | _numbered("N", 1, 912))
"""Remittance advice remark codes (RARC), with those no longer given out."""

STATUSES = frozenset(_numbered("", 0, 820))
"""Claim status codes."""
