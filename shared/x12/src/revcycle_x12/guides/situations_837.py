"""Situational rules the 837 guides share."""

from revcycle_x12._grammar.guide import Situation

SUBSCRIBER = (
    Situation(
        "patient-level-missing",
        "2000B",
        "not SBR02",
        "HL04=1",
        "the subscriber is not the patient, but no patient level follows",
        "add loop 2000C, or say in SBR02 that the subscriber is the patient (18)",
    ),
    Situation(
        "subscriber-birth-missing",
        "2000B",
        "SBR02=18",
        "2010BA/DMG02",
        "the subscriber is the patient, but has no date of birth and gender",
        "send DMG in loop 2010BA",
    ),
    Situation(
        "subscriber-address-missing",
        "2000B",
        "SBR02=18",
        "2010BA/N301 and 2010BA/N401",
        "the subscriber is the patient, but has no address",
        "send N3 and N4 in loop 2010BA",
    ),
)

ACCIDENT = (
    Situation(
        "accident-date-missing",
        "2300",
        "CLM11-1=AA,OA",
        "DTP[439]",
        "the claim is related to an accident, whose date is missing",
        "send DTP*439",
    ),
    Situation(
        "accident-state-missing",
        "2300",
        "CLM11-1=AA and not CLM11-5",
        "CLM11-4",
        "the claim is related to an automobile accident, whose state is missing",
        "send the state in CLM11-4",
    ),
)

OTHER_PAYERS = (
    Situation(
        "other-payer-missing",
        "2300",
        "^2000B/SBR01!=P,U",
        "2320/",
        "the claim is not for the first payer, but no other payer is named",
        "send loop 2320 for each payer before this one, with what it decided",
    ),
)

MEDICARE_SECOND = tuple(
    Situation(
        "insurance-type-missing",
        loop,
        "SBR09=MA,MB and SBR01!=P",
        "SBR05",
        "Medicare is not the first payer, and it is not said why",
        "send the type of the insurance before it in SBR05: 12 working aged, 15 workers' compensation …",
    )
    for loop in ("2000B", "2320")
)

CITIES = tuple(
    Situation(
        "address-incomplete",
        loop,
        "N3",
        "N401",
        "there is a street, but no city",
        "send N4 after N3",
    )
    for loop in ("2010BA", "2010BB", "2010CA", "2330A", "2330B")
)
