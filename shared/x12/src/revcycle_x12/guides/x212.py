"""276 claim status inquiry and 277 claim status response, 005010X212."""

from textwrap import indent

from revcycle_x12._grammar.guide import Guide, Situation

_STATUS = "R(R@status_category R@status S@entity S=RX)"
_PROCEDURE = "R(R=AD,ER,HC,HP,IV,N4,NU,WK R 4*S)"

_CLAIM_ASKED = f"""
@2200{{level}} {{usage}}> Claim
  TRN R1 : R=1 R
  REF S1 : R=1K R
  REF S1 : R=BLT R
  REF S1 : R=LU R
  REF S1 : R=6P R
  REF S1 : R=EJ R
  REF S1 : R=XZ R
  REF S1 : R=D9 R
  AMT S1 : R=T3 R
  DTP S1 : R=472 R=D8,RD8 R
  @2210{{level}} S> Service line
    SVC R1 : {_PROCEDURE} R N S N N S
    REF S1 : R=FJ R
    DTP R1 : R=472 R=D8,RD8 R
"""

_CLAIM_ANSWERED = f"""
@2200{{level}} {{usage}}> Claim status
  TRN R1 : R=2 R
  STC R> : {_STATUS} R N 3*S N S S S{_STATUS[1:]} S{_STATUS[1:]}
  REF S1 : R=1K R
  REF S1 : R=BLT R
  REF S1 : R=EJ R
  REF S1 : R=XZ R
  REF S1 : R=VV R
  REF S1 : R=D9 R
  DTP S1 : R=472 R=D8,RD8 R
  @2220{{level}} S> Service line status
    SVC R1 : {_PROCEDURE} R R S N N S
    STC R> : {_STATUS} R 7*N S{_STATUS[1:]} S{_STATUS[1:]}
    REF S1 : R=FJ R
    DTP R1 : R=472 R=D8,RD8 R
"""

INQUIRY_TABLE = f"""
ST R1 : R=276 R R
BHT R1 : R=0010 R=13 R R R
@2000A* R> Information source level
  HL R1 : R N R=20 R=1
  @2100A R1 Payer
    NM1 R1 : R=PR R=2 R 4*N R=PI,XV R
  @2000B* R> Information receiver level
    HL R1 : R R R=21 R=1
    @2100B R1 Information receiver
      NM1 R1 : R=41 R=1,2 3*S N N R=46 R
    @2000C* R> Provider level
      HL R1 : R R R=19 R=1
      @2100C R2 Provider
        NM1 R1 : R=1P R=1,2 3*S N S R=FI,SV,XX R
      @2000D* R> Subscriber level
        HL R1 : R R R=22 R=0,1
        DMG S1 : R=D8 R S=F,M
        @2100D R1 Subscriber
          NM1 R1 : R=IL R=1,2 R S S N S R=24,II,MI R
{indent(_CLAIM_ASKED.format(level="D", usage="S"), "        ")}
        @2000E* S> Dependent level
          HL R1 : R R R=23
          DMG R1 : R=D8 R S=F,M
          @2100E R1 Dependent
            NM1 R1 : R=QC R=1 R S S N S
{indent(_CLAIM_ASKED.format(level="E", usage="R"), "          ")}
SE R1 : R R
"""

RESPONSE_TABLE = f"""
ST R1 : R=277 R R
BHT R1 : R=0010 R=08 3*R R=DG
@2000A* R> Information source level
  HL R1 : R N R=20 R=1
  @2100A R1 Payer
    NM1 R1 : R=PR R=2 R 4*N R=PI,XV R
    PER S1 : R=IC S R=ED,EM,FX,TE R S=ED,EM,EX,FX,TE S S=ED,EM,EX,FX,TE S
  @2000B* R> Information receiver level
    HL R1 : R R R=21 R=0,1
    @2100B R1 Information receiver
      NM1 R1 : R=41 R=1,2 3*S N N R=46 R
    @2200B S1 Receiver status
      TRN R1 : R=2 R
      STC R> : R(R@status_category R@status S=36,40,41,AY,PR) R 7*N S(R@status_category R@status S) \
          S(R@status_category R@status S)
    @2000C* S> Provider level
      HL R1 : R R R=19 R=0,1
      @2100C R2 Provider
        NM1 R1 : R=1P R=1,2 3*S N S R=FI,SV,XX R
      @2200C S1 Provider status
        TRN R1 : R=1 R
        STC R> : {_STATUS} R 7*N S{_STATUS[1:]} S{_STATUS[1:]}
      @2000D* S> Subscriber level
        HL R1 : R R R=22 R=0,1
        @2100D R1 Subscriber
          NM1 R1 : R=IL R=1,2 R S S N S R=24,II,MI R
{indent(_CLAIM_ANSWERED.format(level="D", usage="S"), "        ")}
        @2000E* S> Dependent level
          HL R1 : R R R=23
          @2100E R1 Dependent
            NM1 R1 : R=QC R=1 R S S N S
{indent(_CLAIM_ANSWERED.format(level="E", usage="R"), "          ")}
SE R1 : R R
"""

INQUIRY = Guide(
    set_id="276",
    version="005010X212",
    name="Claim status inquiry",
    functional_id="HR",
    table=INQUIRY_TABLE,
    situations=(
        Situation(
            "claim-missing",
            "2000D",
            "HL04=0",
            "2200D/",
            "the subscriber is the patient, but no claim is asked about",
            "send loop 2200D",
        ),
        Situation(
            "subscriber-birth-missing",
            "2000D",
            "2200D/",
            "DMG02",
            "the subscriber is the patient, but has no date of birth",
            "send DMG",
        ),
    ),
)

RESPONSE = Guide(
    set_id="277",
    version="005010X212",
    name="Claim status response",
    functional_id="HN",
    table=RESPONSE_TABLE,
    situations=(
        Situation(
            "claim-missing",
            "2000D",
            "HL04=0",
            "2200D/",
            "the subscriber is the patient, but no claim is answered",
            "send loop 2200D",
        ),
    ),
)
