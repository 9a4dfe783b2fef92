"""277 claim acknowledgment (277CA), 005010X214."""

from revcycle_x12._grammar.guide import Guide

TABLE = """
ST R1 : R=277 R R
BHT R1 : R=0085 R=08 3*R R=TH
@2000A* R> Information source level
  HL R1 : R N R=20 R=1
  @2100A R1 Information source
    NM1 R1 : R=AY,PR R=2 R 4*N R=46,FI,PI,XV R
  @2200A R> Receipt of the transmission
    TRN R1 : R=1 R
    DTP R1 : R=050 R=D8 R
    DTP R1 : R=009 R=D8 R
  @2000B* R1 Information receiver level
    HL R1 : R R R=21 R=0,1
    @2100B R1 Information receiver
      NM1 R1 : R=41 R=1,2 R S S N N R=46 R
    @2200B R1 Receiver status
      TRN R1 : R=2 R
      STC R> : R(R R S=36,40,41,AY,PR) R R=U,WQ R 5*N S(R R S) S(R R S)
      QTY S1 : R=90 R
      QTY S1 : R=AA R
      AMT S1 : R=YU R
      AMT S1 : R=YY R
    @2000C* S> Billing provider level
      HL R1 : R R R=19 R=0,1
      @2100C R> Billing provider
        NM1 R1 : R=85 R=1,2 R 4*S R=FI,SV,XX R
      @2200C S1 Billing provider status
        TRN R1 : R=1 R
        STC R> : R(R R S=36,40,41,77,82,85,87,AY,PR) N R=U,WQ R 5*N S(R R S) S(R R S)
        REF S1 : R=0B,1G,G2,LU,SY,TJ R
        QTY S1 : R=QA R
        QTY S1 : R=QC R
        AMT S1 : R=YU R
        AMT S1 : R=YY R
      @2000D* S> Patient level
        HL R1 : R R R=PT S=0
        @2100D R1 Patient
          NM1 R1 : R=QC R=1 R 4*S R=II,MI R
        @2200D S> Claim status
          TRN R1 : R=2 R
          STC R> : R(R@status_category R@status S=03,1P,1Z,40,41,71,72,73,77,82,85,87,DK,DN,DQ,FA,GB,HK,IL,LI,MSC, \
                PR,PRP,QB,QC,QD,SEP,TL,TTP,TU) R R=U,WQ R 5*N 2*S(R@status_category R@status S@entity) S
          REF S1 : R=1K R
          REF S1 : R=D9 R
          REF S1 : R=BLT R
          DTP S1 : R=472 R=D8,RD8 R
          @2220D S> Service line status
            SVC R1 : R(R=AD,ER,HC,HP,IV,NU,WK R 4*S) R N S N N S
            STC R1 : R(R@status_category R@status S=03,1P,1Z,40,41,71,72,73,77,82,85,87,DK,DN,DQ,FA,GB,HK,IL,LI,MSC, \
                  PR,PRP,QB,QC,QD,SEP,TL,TTP,TU) R R=U 6*N 2*S(R@status_category R@status S@entity)
            REF S1 : R=FJ R
            REF S1 : R=XZ R
            DTP S1 : R=472 R=D8,RD8 R
SE R1 : R R
"""

GUIDE = Guide(
    set_id="277",
    version="005010X214",
    name="Claim acknowledgment",
    functional_id="HN",
    table=TABLE,
)
