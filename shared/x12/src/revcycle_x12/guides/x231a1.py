"""999 implementation acknowledgment, 005010X231A1."""

from revcycle_x12._grammar.guide import Guide, Situation

TABLE = """
ST R1 : R=999 R R
AK1 R1 : R@functional_group R R
@2000* S> Transaction set response
  AK2 R1 : R@transaction_set R S
  @2100 S> Segment in error
    IK3 R1 : R R S S=1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9
    CTX S9 : R^10(R=SITUATIONAL_TRIGGER) R R S S(R S S) S(R)
    CTX S1 : R^10(R=CLM01,ENT01,NM109,PATIENT_NAME_NM109,SUBSCRIBER_NAME_NM109,SUBSCRIBER_NUMBER_REF02,TRN02 R) 3*N \
          S(R S S)
    @2110 S> Element in error
      IK4 R1 : R(R S S) S R=1,10,11,12,13,2,3,4,5,6,7,8,9,I10,I11,I12,I13,I6,I9 S
      CTX S10 : R^10(R=SITUATIONAL_TRIGGER) R R S S(R S S) S(R)
  IK5 R1 : R=A,E,M,R,W,X 5*S=1,10,11,12,13,15,16,17,18,19,2,23,24,25,26,27,3,4,5,6,7,8,9,I5,I6
AK9 R1 : R=A,E,M,P,R,W,X 3*R 5*S=1,10,11,12,13,14,15,16,17,18,19,2,23,24,25,26,3,4,5,6
SE R1 : R R
"""

GUIDE = Guide(
    set_id="999",
    version="005010X231A1",
    name="Implementation acknowledgment",
    functional_id="FA",
    table=TABLE,
    accepted_versions=frozenset({"005010X231"}),
    situations=(
        Situation(
            "element-notes-missing",
            "2100",
            "IK304=8",
            "2110/",
            "the segment has element errors, but none is told",
            "send IK4 for each element in error",
        ),
    ),
)
