"""835 remittance advice, 005010X221A1."""

from revcycle_x12._grammar.guide import Guide, Situation

TABLE = """
ST R1 : R=835 R
BPR R1 : R=C,D,H,I,P,U,X R R=C,D R=ACH,BOP,CHK,FWT,NON S=CCP,CTX S=01,04 S S=DA 3*S S=01,04 S S=DA,SG S R
TRN R1 : R=1 R R S
CUR S1 : R=PR R@currency
REF S1 : R=EV R
REF S1 : R=F2 R
DTM S1 : R=405 R
@1000A R1 Payer
  N1 R1 : R=PR R S=XV S
  N3 R1 : R S
  N4 R1 : R S S S@country N N S
  REF S4 : R=2U,EO,HI,NF R
  PER S1 : R=CX S S=EM,FX,TE S S=EM,EX,FX,TE S S=EX S
  PER R> : R=BL S S=EM,TE,UR S S=EM,EX,FX,TE,UR S S=EM,EX,FX,UR S
  PER S1 : R=IC N R=UR R
@1000B R1 Payee
  N1 R1 : R=PE R R=FI,XV,XX R
  N3 S1 : R S
  N4 S1 : R S S S@country N N S
  REF S> : R=0B,D3,PQ,TJ R
  RDM S1 : R=BM,EM,FT,OL S S
@2000* S> Claim group
  LX R1 : R
  TS3 S1 : 5*R 7*N S N S N S S N 5*S
  TS2 S1 : 19*S
  @2100* R> Claim payment
    CLP R1 : R R=1,19,2,20,21,22,23,25,3,4 R R S R=12,13,14,15,16,17,AM,CH,DS,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ R S S N \
          3*S
    CAS S99 : R=CO,OA,PI,PR R R 16*S
    NM1 R1 : R=QC R=1 3*S N S S=34,HN,II,MI,MR S
    NM1 S1 : R=IL R=1,2 3*S N S R=FI,II,MI R
    NM1 S1 : R=74 R=1,2 3*S N S S=C S
    NM1 S1 : R=82 R=1,2 3*S N S R=BD,BS,FI,MC,PC,SL,UP,XX R
    NM1 S1 : R=TT R=2 R 4*N R=AD,FI,NI,PI,PP,XV R
    NM1 S1 : R=PR R=2 R 4*N R=AD,FI,NI,PI,PP,XV R
    NM1 S1 : R=GB R=1,2 3*S N S S=FI,II,MI S
    MIA S1 : R 3*S S@remark 14*S 4*S@remark S
    MOA S1 : S S 5*S@remark S S
    REF S5 : R=1L,1W,28,6P,9A,9C,BB,CE,EA,F8,G1,G3,IG,SY R
    REF S10 : R=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,LU R
    DTM S2 : R=232,233 R
    DTM S1 : R=036 R
    DTM S1 : R=050 R
    PER S2 : R=CX S R=EM,FX,TE R S=EM,EX,FX,TE S S=EX S
    AMT S13 : R=AU,D8,DY,F5,I,NL,T,T2,ZK,ZL,ZM,ZN,ZO R
    QTY S14 : R=CA,CD,LA,LE,NE,NR,OU,PS,VS,ZK,ZL,ZM,ZN,ZO R
    @2110 S999 Service payment
      SVC R1 : R(R=AD,ER,HC,HP,IV,N4,N6,NU,UI,WK R 4*S) R R S S S(R=AD,ER,HC,HP,IV,N4,NU,WK R 5*S) S
      DTM S2 : R=150,151,472 R
      CAS S99 : R=CO,OA,PI,PR R R 16*S
      REF S8 : R=1S,APC,BB,E9,G1,G3,LU,RB R
      REF S1 : R=6R R
      REF S10 : R=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,HPI,SY,TJ R
      REF S5 : R=0K R
      AMT S9 : R=B6,KH,T,T2,ZK,ZL,ZM,ZN,ZO R
      QTY S6 : R=ZK,ZL,ZM,ZN,ZO R
      LQ S99 : R=HE,RX R
PLB S> : R R R(R=50,51,72,90,AH,AM,AP,B2,B3,BD,BN,C5,CR,CS,CT,CV,CW,DM,E3,FB,FC,GO,HM,IP,IR,IS,J1,L3,L6,LE,LS,OA,OB, \
      PI,PL,RA,RE,SL,TL,WO,WU S) R S(R S) S S(R S) S S(R S) S S(R S) S S(R S) S
SE R1 : R R
"""

GUIDE = Guide(
    set_id="835",
    version="005010X221A1",
    earlier_versions=frozenset({"005010X221"}),
    name="Remittance advice",
    functional_id="HP",
    has_st03=False,
    table=TABLE,
    situations=(
        Situation(
            "transfer-details-missing",
            "ST",
            "BPR04=ACH,BOP,FWT",
            "BPR06 and BPR07 and BPR09 and BPR12 and BPR13 and BPR15",
            "money is moved electronically, but a bank or an account is missing",
            "send BPR06 to BPR09 and BPR12 to BPR15",
        ),
        Situation(
            "crossover-payer-missing",
            "2100",
            "CLP02=19,20,21,23",
            "NM1[TT]03",
            "the claim was forwarded, but not said to whom",
            "send NM1*TT",
        ),
        Situation(
            "service-date-missing",
            "2110",
            "not DTM[150|472] and not ^2100/DTM[232]",
            "DTM",
            "neither the line nor its claim has a date of service",
            "send DTM*472 with the line, or DTM*232 with the claim",
        ),
        Situation(
            "tax-id-missing",
            "1000B",
            "N103=XX",
            "REF[TJ]02",
            "the payee is named by NPI, but its tax number is missing",
            "send REF*TJ",
            "warning",
        ),
    ),
)
