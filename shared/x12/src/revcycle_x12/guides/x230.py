"""997 functional acknowledgment, 005010X230: the older answer to a group, still sent by some."""

from revcycle_x12._grammar.guide import Guide

TABLE = """
ST R1 : R=997 R
AK1 R1 : R=BE,FA,HB,HC,HI,HN,HP,HR,HS,PI,RA R S
@2000* S> Transaction set response
  AK2 R1 : R=270,271,275,276,277,278,820,824,834,835,837 R S
  @2100 S> Segment in error
    AK3 R1 : R R S S=1,2,3,4,5,6,7,8
    AK4 S99 : R(R S S) S R=1,2,3,4,5,6,7,8,9,10,12,13 S
  AK5 R1 : R=A,E,M,R,W,X 5*S=1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,17,18,19,20,21,22,23,24,25,26,27
AK9 R1 : R=A,E,M,P,R,W,X R R R 5*S=1,2,3,4,5,6,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26
SE R1 : R R
"""

GUIDE = Guide(
    set_id="997",
    version="005010X230",
    name="Functional acknowledgment",
    functional_id="FA",
    has_st03=False,
    accepted_versions=frozenset({"005010", "005010X231", "005010X231A1"}),
    table=TABLE,
)
