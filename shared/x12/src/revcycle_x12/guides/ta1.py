"""TA1, the interchange acknowledgment: one segment of the envelope, told as a set of its own."""

from revcycle_x12._grammar.guide import Guide

TABLE = """
TA1 R1 : R R R R=A,E,R R=000,001,002,003,004,005,006,007,008,009,010,011,012,013,014,015,016,017,018,019,020,021,022, \
      023,024,025,026,027,028,029,030,031
"""

GUIDE = Guide(
    set_id="TA1",
    version="005010",
    name="Interchange acknowledgment",
    functional_id="",
    has_st03=False,
    table=TABLE,
)
