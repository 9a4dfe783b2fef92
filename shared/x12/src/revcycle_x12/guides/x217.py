"""278 services review: request (BHT02 13) and response (BHT02 11), 005010X217."""

from textwrap import indent

from revcycle_x12._grammar.guide import Guide, Situation

_CONTACT = "PER S1 : R=IC S S=EM,FX,TE,UR S S=EM,EX,FX,TE,UR S S=EM,EX,FX,TE,UR S"
_ADDRESS = "N3 S1 : R S\nN4 S1 : R S@state S S@country N N S"
_PROVIDERS = "AD,AS,AT,CO,CV,OP,OR,OT,PC,PE,RF"
_ROLES = "1T,71,72,73,77,AAJ,DD,DK,DN,FA,G3,P3,QB,QV,SJ"
_RELATED = "01,04,05,07,09,10,15,17,19,20,21,22,23,24,29,32,33,34,36,39,40,41,43,53,G8"

_SUBSCRIBER = f"""
NM1 R1 : R=IL R=1 5*S R=II,MI R
REF S9 : R=1L,1W,3L,6P,DP,EJ,F6,HJ,IG,N6,NQ,SY R
{_ADDRESS}
{{rejections}}
DMG S1 : R=D8 R S=F,M,U
INS S1 : R=Y R=18 5*N R
"""
_DEPENDENT = f"""
NM1 R1 : R=QC R=1 5*S
REF S3 : R=1L,6P,EJ,SY R
{_ADDRESS}
{{rejections}}
DMG S1 : R=D8 R S=F,M,U
INS S1 : R=N R={_RELATED} 14*N S
"""

_PROVIDER = f"""
NM1 R1 : R={_ROLES} R=1,2 5*S S=24,34,46,XX S
REF S9 : R=0B,1G,1J,EI,N5,N7,SY,ZH R S
{_ADDRESS}
{_CONTACT}
{{rejections}}
PRV S1 : R={_PROVIDERS} R=PXC R
"""
_TRANSPORT = """
NM1 R1 : R=45,FS,ND,PW,R3 R=2 S
N3 R1 : R S
N4 R1 : S S@state S
"""
_OTHER_REVIEWER = """
NM1 R1 : R R=2 S
REF R1 : R=ZZ R N S(R R 4*S)
DTP R1 : R=598 R=D8 R
"""
_CONTACT_POINT = f"""
NM1 R1 : R=L5 R=1,2 5*S S=24,34,46,PI,XV,XX S
{_ADDRESS}
PER S3 : R=IC S S=EM,FX,TE,UR S S=EM,EX,FX,TE,UR S S=EM,EX,FX,TE,UR S
"""

_REVIEW = """
UM {usage}1 : R=AR,HS,IN,SC R=1,2,3,4,5,6,I,N,R,S S@service_type S(R R=A,B) \
    S(R=AA,AP,EM S=AA,AP,EM S=AA,AP,EM S@state S@country) S=03,E,U \
    S=1,2,3,4,5,6,7,8,9,E,F,G,P S=1,2,3,4,5,6,7,8 S=A,I,M,O,Y S=1,2,3,4,7,8,10,11,15,16,17
{decision}
REF S1 : R=BB R
REF S1 : R=NT R
"""
_DECISION = "HCR S1 : R=A1,A2,A3,A4,A6,C,CT,NA S S^5 S=N,Y"
_DECIDED_DATES = "DTP S1 : R=102 R=D8 R\nDTP S1 : R=036 R=D8 R\nDTP S1 : R=007 R=D8,RD8 R"
_DELIVERY = "HSD S1 : S=DY,FL,HS,MN,VS S S=DA,MO,VS,WK S S=6,7,21,26,27,34,35 S S S"
_PAPERWORK = "PWK S10 : R R=AA,BM,EL,EM,FX,VO N N S=AC S S"

_EVENT = f"""
DTP S1 : R=439 R=D8 R
DTP S1 : R=484 R=D8 R
DTP S1 : R=ABC R=D8 R
DTP S1 : R=431 R=D8 R
DTP S1 : R=AAH R=D8,RD8 R
DTP S1 : R=435 R=D8,RD8 R
DTP S1 : R=096 R=D8,RD8 R
{{dates}}
HI S1 : R(R=ABF,ABJ,ABK,APR,BF,BJ,BK,DR,LOI,PR R S=D8 S) 11*S(R=ABF,ABJ,ABK,APR,BF,BJ,BK,DR,LOI,PR R S=D8 S)
{_DELIVERY}
{{conditions}}
CL1 S1 : 3*S S=1,2,3,4,5,6,7,8,9
CR1 S1 : S=KG,LB S R=I,R,T,X S=A,B,C,D,E,F S=DH,DK S N N S S
CR2 S1 : S S S S N N N S=A,C,D,E,F,G,M S=N,Y S S S=N,Y
CR5 S1 : N N R=A,B,C,D,E,O S=A,B,C,D,E,O S R 5*S S=E,N,O,R,S,W,X 3*S=1,2,3 S R=A,B,C,D,E S=A,B,C,D,E,O
CR6 S1 : R=1,2,3,4,5,6,7,8 R S=RD8 S N N R=N,U,W,Y R=1,2,3,4,I,R,S S S=HC,ID 4*S S=RD8 S S=A,B,C,D,E,F,G,H,L,M,O,P,R,S,T
{_PAPERWORK}
MSG S1 : R
"""
_CONDITIONS = "CRC S7 : R=07,08,09,11,75,76,77 R=N,Y R 4*S"

_SERVICE_CODE = "(R=HC,IV,N4,WK,ZZ R 4*S S S)"
_SERVICE = f"""
DTP S1 : R=472 R=D8,RD8 R
{{dates}}
SV1 S1 : R{_SERVICE_CODE} S S=F2,MJ,UN S N N S(R 3*S) 3*N S=N,Y 8*N S
SV2 S1 : S S{_SERVICE_CODE} S S=DA,F2,UN S S N N S S
SV3 S1 : R(R=AD R 4*S S S) S N S(R 4*S) S=I,R S S
TOO S32 : R=JP R S(R 4*S)
{_DELIVERY}
{_PAPERWORK}
MSG S1 : R
"""


def _event_loops(*, answered: bool) -> str:
    """Content of 2000E below its HL, with the service levels."""
    decision, rejected = (_DECISION, "AAA S9 : R=N,Y N S S=C,N,P,R,W,X,Y") if answered else ("", "")
    trace = "TRN S3 : R=1,2 R R S" if answered else "TRN S2 : R=1 R R S"
    dates = _DECIDED_DATES if answered else ""
    event = _EVENT.format(dates=dates, conditions="" if answered else _CONDITIONS)
    provider = _PROVIDER.format(rejections=rejected)
    contacts = ["2010EB S1 Whom to send more to", "2010FB S1 Whom to send more to"] if answered else []
    parts = [trace, rejected, _REVIEW.format(usage="R" if not answered else "S", decision=decision), event]
    parts += [_loop("2010EA S14 Provider of the event", provider)]
    parts += [_loop(contacts[0], _CONTACT_POINT)] if answered else []
    parts += [_loop(f"{'2010EC' if answered else '2010EB'} S5 Transport", _TRANSPORT)]
    parts += [] if answered else [_loop("2010EC S3 Other reviewer", _OTHER_REVIEWER)]
    service = ["HL R1 : R R R=SS R=0", trace, rejected, _REVIEW.format(usage="S", decision=decision)]
    service += [
        _SERVICE.format(dates=dates),
        _loop(f"{'2010FA' if answered else '2010F'} S12 Provider of the service", provider),
    ]
    service += [_loop(contacts[1], _CONTACT_POINT)] if answered else []
    return "\n".join([*parts, _loop("2000F* S> Service level", "\n".join(service))])


def _loop(head: str, content: str) -> str:
    return f"@{head}\n{indent(content, '  ')}"


def _table(purpose: str, *, answered: bool) -> str:
    rejected = "AAA S9 : R=N,Y N S S=C,N,P,R,W,X,Y" if answered else ""
    own_contact = _CONTACT + "\n" + rejected if answered else ""
    requester = f"REF S8 : R=1G,1J,CT,EI,N5,N7,SY,ZH R\n{'' if answered else _ADDRESS}\n{'' if answered else _CONTACT}"
    return f"""
ST R1 : R=278 R R
BHT R1 : R=0007 {purpose}
@2000A* R1 Reviewer level
  HL R1 : R N R=20 R=0,1
  {rejected}
  @2010A R1 Reviewer
    NM1 R1 : R=X3 R=1,2 3*S N S R=24,34,46,PI,XV,XX R
{indent(own_contact, "    ")}
  @2000B* {"S" if answered else "R"}1 Requester level
    HL R1 : R R R=21 R=0,1
    @2010B R1 Requester
      NM1 R1 : R=1P,FA R=1,2 3*S N S R=24,34,46,XX R
{indent(requester, "      ")}
      {rejected}
      PRV S1 : R={_PROVIDERS} S=PXC S
    @2000C* {"S" if answered else "R"}1 Subscriber level
      HL R1 : R R R=22 R=0,1
      @2010C R1 Subscriber
{indent(_SUBSCRIBER.format(rejections=rejected), "        ")}
      @2000D* S1 Dependent level
        HL R1 : R R R=23 R=0,1
        @2010D R1 Dependent
{indent(_DEPENDENT.format(rejections=rejected), "          ")}
        @2000E* S> Patient event level
          HL R1 : R R R=EV R=0,1
{indent(_event_loops(answered=answered), "          ")}
      @2000E* S> Patient event level
SE R1 : R R
"""


_NUMBER_OF_APPROVAL = (
    "authorization-number-missing",
    "HCR01=A1,A2,A6",
    "HCR02",
    "what is certified has no authorization number",
    "send HCR02",
)


def _numbered(loop: str) -> Situation:
    code, when, then, message, fix = _NUMBER_OF_APPROVAL
    return Situation(code, loop, when, then, message, fix)


REQUEST = Guide(
    set_id="278",
    version="005010X217",
    name="Services review request",
    functional_id="HI",
    table=_table("R=01,13,36 R R R S=RU", answered=False),
    bht02=frozenset({"01", "13", "36"}),
    situations=(
        Situation(
            "previous-authorization-missing",
            "2000E",
            "UM02=3,4,R,S and not REF[NT]",
            "REF[BB]",
            "the request changes an earlier one, which it does not name",
            "send REF*BB or REF*NT",
            "warning",
        ),
    ),
)

RESPONSE = Guide(
    set_id="278",
    version="005010X217",
    name="Services review response",
    functional_id="HI",
    table=_table("R=11 R R R S=18,19,AT,RU", answered=True),
    bht02=frozenset({"11"}),
    situations=(
        Situation(
            "decision-missing",
            "2000E",
            "HL04=0 and not AAA",
            "HCR",
            "the event is neither decided nor rejected",
            "send HCR or AAA",
        ),
        _numbered("2000E"),
        _numbered("2000F"),
    ),
)
