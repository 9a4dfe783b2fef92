"""270 eligibility inquiry and 271 eligibility response, 005010X279A1."""

from textwrap import indent

from revcycle_x12._grammar.guide import Guide, Situation

_NAME_AND_ADDRESS = """
NM1 R1 : R={who} R={types} 3*S N S {id}
REF S9 : R={references} R {note}
N3 S1 : R S
N4 S1 : R S S S@country N N S
"""

_PROVIDERS = "AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SK,SU"
_RECEIVER = f"""
NM1 R1 : R=1P,2B,36,80,FA,GP,P5,PR R=1,2 {{name}} S S N S R=24,34,FI,PI,PP,SV,XV,XX R
REF S9 : R=0B,1C,1D,1J,4A,CT,EL,EO,HPI,JD,N5,N7,Q4,SY,TJ R S
N3 S1 : R S
N4 S1 : R S S S@country N N S
{{rejections}}
PRV S1 : R={_PROVIDERS},SB S=PXC S
"""
_DIAGNOSES = "HI S1 : R(R=ABK,BK R) 7*S(R=ABF,BF R)"
_SERVICE = "(R=AD,CJ,HC,ID,IV,N4,ZZ R 4*S {more})"

_INQUIRY_PERSON = f"""
PRV S1 : R={_PROVIDERS} S=9K,D3,EI,HPI,PXC,SY,TJ S
DMG S1 : S=D8 S S=F,M,U
INS S1 : {{relationship}} 14*N {{birth}}
{_DIAGNOSES}
DTP S2 : R=102,291 R=D8,RD8 R
"""
_INQUIRY_ASKED = f"""
EQ R1 : S^99@service_type S{_SERVICE.format(more="")} {{level}} N S(R 3*S)
{{spend_down}}
III S1 : R=ZZ R@pos
REF S1 : R=9F,G1 R
DTP S1 : R=291 R=D8,RD8 R
"""

_RESPONSE_PERSON = f"""
AAA S9 : R=N,Y N R={{reasons}} R=C,N,R,S,W,X,Y
PRV S1 : R={_PROVIDERS} S=9K,D3,EI,HPI,PXC,SY,TJ S
DMG S1 : S=D8 S S=F,M,U
INS S1 : {{relationship}} S=001 S=25 12*N S
{_DIAGNOSES}
DTP S9 : R=096,102,152,291,307,318,340,341,342,343,346,347,356,357,382,435,442,458,472,539,540,636,771 R=D8,RD8 R
MPI S9 : R=A,C,L,O,P,S,T R=AE,AO,AS,AT,AU,CC,DD,HD,IR,LX,PE,RE,RM,RR,RU R S S S=D8,RD8 S
"""
_RESPONSE_BENEFIT = f"""
EB R1 : R=1,2,3,4,5,6,7,8,A,B,C,CB,D,E,F,G,H,I,J,K,L,M,MC,N,O,P,Q,R,S,T,U,V,W,X,Y \
    S=CHD,DEP,ECH,EMP,ESP,FAM,IND,SPC,SPO S^99@service_type \
    S=12,13,14,15,16,41,42,43,47,AP,C1,CO,CP,D,DB,EP,FF,GP,HM,HN,HS,IN,IP,LC,LD,LI,LT,MA,MB,MC,MH,MI,MP,OT,PE,PL,PP, \
PR,PS,QM,RP,SP,TF,WC,WU S S=6,7,13,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36 S S \
    S=8H,99,CA,CE,D3,DB,DY,HS,LA,LE,M2,MN,P6,QA,S7,S8,VS,YY S S=N,U,Y S=N,U,W,Y S{_SERVICE.format(more="N S")} S(R 3*S)
HSD S9 : S=DY,FL,HS,MN,VS S S=DA,MO,VS,WK,YR S S=6,7,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35 S S S
REF S9 : R=18,1L,1W,49,6P,9F,ALS,CLI,F6,FO,G1,IG,M7,N6,NQ R S
DTP S20 : R=096,193,194,198,290,291,292,295,304,307,318,346,348,349,356,357,435,472,636,771 R=D8,RD8 R
AAA S9 : R=N,Y N R=15,33,52,53,54,55,56,57,60,61,62,63,69,70,98,AA,AE,AF,AG,AO,CI,E8,IA,MA R=C,N,R,W,X,Y
MSG S10 : R
@2115{{level}} S10 More about the benefit
  III R1 : S=GR,NI,ZZ S S=44 S
LS S1 : R=2120
@2120{{level}} S23 Party to the benefit
  NM1 R1 : R=13,1I,1P,2B,36,73,FA,GP,GW,I3,IL,LR,OC,P3,P4,P5,PR,PRP,SEP,TTP,VER,VN,VY,X3,Y2 R=1,2 3*S N S \
    S=24,34,46,FA,FI,II,MI,NI,PI,PP,SV,XV,XX S S=01,02,27,41,48,65,72
  N3 S1 : R S
  N4 S1 : R S S S@country S=RJ S S
  PER S3 : R=IC S S=ED,EM,FX,TE,UR,WP S S=ED,EM,EX,FX,TE,UR,WP S S=ED,EM,EX,FX,TE,UR,WP S
  PRV S1 : R={_PROVIDERS},SB S=PXC S
LE S1 : R=2120
"""

_SOURCE_NAME = "NM1 R1 : R=2B,36,GP,P5,PR R=1,2 R S S N S R=24,46,FI,NI,PI,XV,XX R"
_SUBSCRIBER_REFERENCES = "18,1L,1W,3H,49,6P,CE,CT,EA,EJ,F6,GH,HJ,IF,IG,N6,NQ,Q4,SY,Y4"
_DEPENDENT_REFERENCES = "18,1L,1W,49,6P,CE,CT,EA,EJ,F6,GH,HJ,IF,IG,MRC,N6,NQ,Q4,SY,Y4"
_SHARED_REASONS = "15,35,42,43,45,47,48,49,51,52,56,57,58,60,61,62,63"


def _inquiry_subscriber() -> str:
    name = _NAME_AND_ADDRESS.format(
        who="IL", types="1,2", id="S=II,MI S", references="18,1L,1W,3H,6P,CT,EA,EJ,F6,GH,HJ,IG,N6,NQ,SY,Y4", note=""
    )
    asked = _INQUIRY_ASKED.format(level="S=FAM", spend_down="AMT S1 : R=R R\nAMT S1 : R=PB R")
    person = name + _INQUIRY_PERSON.format(relationship="R=Y R=18", birth="R")
    return f"@2100C R1 Subscriber\n{indent(person, '  ')}\n  @2110C S99 What is asked\n{indent(asked, '    ')}"


def _inquiry_dependent() -> str:
    name = _NAME_AND_ADDRESS.format(
        who="03", types="1", id="", references="18,1L,1W,6P,CT,EA,EJ,F6,GH,HJ,IF,IG,MRC,N6,SY,Y4", note=""
    )
    asked = _INQUIRY_ASKED.format(level="N", spend_down="")
    person = name + _INQUIRY_PERSON.format(relationship="R=N R=01,19,34", birth="S")
    return f"@2100D R1 Dependent\n{indent(person, '  ')}\n  @2110D R99 What is asked\n{indent(asked, '    ')}"


def _response_subscriber() -> str:
    name = _NAME_AND_ADDRESS.format(who="IL", types="1,2", id="S=II,MI S", references=_SUBSCRIBER_REFERENCES, note="S")
    reasons = _SHARED_REASONS + ",71,72,73,74,75,76,78"
    person = name + _RESPONSE_PERSON.format(reasons=reasons, relationship="R=Y R=18")
    benefit = _RESPONSE_BENEFIT.format(level="C")
    return f"@2100C R1 Subscriber\n{indent(person, '  ')}\n  @2110C S> Benefit\n{indent(benefit, '    ')}"


def _response_dependent() -> str:
    name = _NAME_AND_ADDRESS.format(who="03", types="1", id="", references=_DEPENDENT_REFERENCES, note="S")
    reasons = _SHARED_REASONS + ",64,65,66,67,68,71,77"
    person = name + _RESPONSE_PERSON.format(reasons=reasons, relationship="R=N R=01,19,20,21,39,40,53,G8")
    benefit = _RESPONSE_BENEFIT.format(level="D")
    return f"@2100D R1 Dependent\n{indent(person, '  ')}\n  @2110D S> Benefit\n{indent(benefit, '    ')}"


INQUIRY_TABLE = f"""
ST R1 : R=270 R R
BHT R1 : R=0022 R=01,13 S R R S=RT
@2000A* R> Information source level
  HL R1 : R N R=20 R=1
  @2100A R1 Payer
    {_SOURCE_NAME}
  @2000B* R> Information receiver level
    HL R1 : R R R=21 R=1
    @2100B R1 Receiver
{indent(_RECEIVER.format(name="R", rejections=""), "      ")}
    @2000C* R> Subscriber level
      HL R1 : R R R=22 R=0,1
      TRN S2 : R=1 R R S
{indent(_inquiry_subscriber(), "      ")}
      @2000D* S> Dependent level
        HL R1 : R R R=23 R=0
        TRN S2 : R=1 R R S
{indent(_inquiry_dependent(), "        ")}
SE R1 : R R
"""

RESPONSE_TABLE = f"""
ST R1 : R=271 R R
BHT R1 : R=0022 R=06,11 S R R
@2000A* R> Information source level
  HL R1 : R N R=20 R=0,1
  AAA S9 : R=N,Y N R=04,41,42,79 R=C,N,P,R,S,Y
  @2100A R1 Payer
    {_SOURCE_NAME}
    PER S3 : R=IC S S=ED,EM,FX,TE,UR S S=ED,EM,EX,FX,TE,UR S S=ED,EM,EX,FX,TE,UR S
    AAA S9 : R=N,Y N R=04,41,42,79,80,T4 R=C,N,P,R,S,W,X,Y
  @2000B* S> Information receiver level
    HL R1 : R R R=21 R=0,1
    @2100B R1 Receiver
{
    indent(
        _RECEIVER.format(
            name="S", rejections="AAA S9 : R=N,Y N R=15,41,43,44,45,46,47,48,50,51,79,97,T4 R=C,N,R,S,W,X,Y"
        ),
        "      ",
    )
}
    @2000C* S> Subscriber level
      HL R1 : R R R=22 R=0,1
      TRN S3 : R=1,2 R R S
{indent(_response_subscriber(), "      ")}
      @2000D* S> Dependent level
        HL R1 : R R R=23 R=0
        TRN S3 : R=1,2 R R S
{indent(_response_dependent(), "        ")}
SE R1 : R R
"""


def _shares(loop: str) -> tuple[Situation, ...]:
    """Say which benefits are a share of the cost and which an amount (RFI 1727)."""
    return (
        Situation(
            "benefit-percent-missing",
            loop,
            "EB01=A",
            "EB08",
            "co-insurance is a share, which is missing",
            "send the share in EB08: .2 for 20 percent",
        ),
        Situation(
            "benefit-percent-misplaced",
            loop,
            "EB01=B,C,G,J,Y and EB08",
            "not EB08",
            "a share is given for a benefit that is an amount",
            "send the amount in EB07, or co-insurance (A) with EB08",
        ),
        Situation(
            "benefit-amount-misplaced",
            loop,
            "EB01=A and EB07",
            "not EB07",
            "an amount is given for co-insurance, which is a share",
            "send the share in EB08, or a co-payment (B) with EB07",
        ),
    )


INQUIRY = Guide(
    set_id="270",
    version="005010X279A1",
    earlier_versions=frozenset({"005010X279"}),
    name="Eligibility inquiry",
    functional_id="HS",
    table=INQUIRY_TABLE,
    situations=(
        Situation(
            "inquiry-missing",
            "2100C",
            "^2000C/HL04=0",
            "2110C/",
            "the subscriber is the patient, but nothing is asked",
            "send EQ, service type 30 for the plan as a whole",
        ),
        Situation(
            "identity-thin",
            "2100C",
            "not NM109",
            "NM103 and DMG02",
            "without a member number, a name and a date of birth are needed to find the subscriber",
            "send NM109, or NM103 and DMG02",
            "warning",
        ),
    ),
)

RESPONSE = Guide(
    set_id="271",
    version="005010X279A1",
    earlier_versions=frozenset({"005010X279"}),
    name="Eligibility response",
    functional_id="HB",
    table=RESPONSE_TABLE,
    situations=(
        Situation(
            "answer-missing",
            "2100C",
            "^2000C/HL04=0 and not AAA",
            "2110C/",
            "the subscriber is the patient, but neither a benefit nor a rejection is told",
            "send EB or AAA",
        ),
        Situation(
            "answer-missing",
            "2100D",
            "not AAA",
            "2110D/",
            "of the dependent neither a benefit nor a rejection is told",
            "send EB or AAA",
        ),
        *(rule for loop in ("2110C", "2110D") for rule in _shares(loop)),
    ),
)
