"""837 professional claim, 005010X222A1."""

from revcycle_x12._grammar.guide import Guide, Situation
from revcycle_x12.guides.situations_837 import ACCIDENT, CITIES, MEDICARE_SECOND, OTHER_PAYERS, SUBSCRIBER

TABLE = """
ST R1 : R=837 R S
BHT R1 : R=0019 R=00,18 3*R R=31,CH,RP
@1000A R1 Submitter
  NM1 R1 : R=41 R=1,2 R S S N N R=46 R
  PER R2 : R=IC S R=ED,EM,FX,TE R S=ED,EM,EX,FX,TE S S=ED,EM,EX,FX,TE S
@1000B R1 Receiver
  NM1 R1 : R=40 R=2 R 4*N R=46 R
@2000A* R> Billing provider level
  HL R1 : R N R=20 R=1
  PRV S1 : R=BI R=PXC R
  CUR S1 : R=85 R@currency
  @2010AA R1 Billing provider
    NM1 R1 : R=85 R=1,2 R S S N S S=XX S
    N3 R1 : R S
    N4 R1 : R S S S@country N N S
    REF R1 : R=EI,SY R
    REF S2 : R=0B,1G R
    PER S2 : R=IC S R=EM,FX,TE R S=EM,EX,FX,TE S S=EM,EX,FX,TE S
  @2010AB S1 Pay-to address
    NM1 R1 : R=87 R=1,2
    N3 R1 : R S
    N4 R1 : R S S S@country N N S
  @2010AC S1 Pay-to plan
    NM1 R1 : R=PE R=2 R 4*N R=PI,XV R
    N3 R1 : R S
    N4 R1 : R S S S@country N N S
    REF S1 : R=2U,FY,NF R
    REF R1 : R=EI R
  @2000B* R> Subscriber level
    HL R1 : R R R=22 R=0,1
    SBR R1 : R=A,B,C,D,E,F,G,H,P,S,T,U S=18 S S S=12,13,14,15,16,41,42,43,47 3*N S=11,12,13,14,15,16,17,AM,BL,CH,CI, \
          DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ
    PAT S1 : 4*N S=D8 S S=01 S S=Y
    @2010BA R1 Subscriber
      NM1 R1 : R=IL R=1,2 R S S N S R=II,MI R
      N3 S1 : R S
      N4 S1 : R S S S@country N N S
      DMG S1 : R=D8 R R=F,M,U
      REF S1 : R=SY R
      REF S1 : R=Y4 R
      PER S1 : R=IC S R=TE R S=EX S
    @2010BB R1 Payer
      NM1 R1 : R=PR R=2 R 4*N R=PI,XV R
      N3 S1 : R S
      N4 S1 : R S S S@country N N S
      REF S3 : R=2U,EI,FY,NF R
      REF S2 : R=G2,LU R
    @2300* S100 Claim
      CLM R1 : R R N N R(R@pos R=B R) R=N,Y R=A,B,C R=N,W,Y R=I,Y S=P S(R=AA,EM,OA S=AA,EM,OA N S S@country) \
            S=02,03,05,09 7*N S=1,10,11,15,2,3,4,5,6,7,8,9
      DTP S1 : R=431 R=D8 R
      DTP S1 : R=454 R=D8 R
      DTP S1 : R=304 R=D8 R
      DTP S1 : R=453 R=D8 R
      DTP S1 : R=439 R=D8 R
      DTP S1 : R=484 R=D8 R
      DTP S1 : R=455 R=D8 R
      DTP S1 : R=471 R=D8 R
      DTP S1 : R=314,360,361 R=D8,RD8 R
      DTP S1 : R=297 R=D8 R
      DTP S1 : R=296 R=D8 R
      DTP S1 : R=435 R=D8 R
      DTP S1 : R=096 R=D8 R
      DTP S2 : R=090,091 R=D8 R
      DTP S1 : R=444 R=D8 R
      DTP S1 : R=050 R=D8 R
      PWK S10 : R=03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB, \
            HC,HR,I5,IR,LA,M1,MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP R=AA,BM,EL,EM,FT, \
            FX N N S=AC S
      CN1 S1 : R=01,02,03,04,05,06,09 5*S
      AMT S1 : R=F5 R
      REF S1 : R=4N R
      REF S1 : R=F5 R
      REF S1 : R=EW R
      REF S1 : R=9F R
      REF S1 : R=G1 R
      REF S1 : R=F8 R
      REF S1 : R=X4 R
      REF S1 : R=9A R
      REF S1 : R=9C R
      REF S1 : R=LX R
      REF S1 : R=D9 R
      REF S1 : R=EA R
      REF S1 : R=P4 R
      REF S1 : R=1J R
      K3 S10 : R
      NTE S1 : R=ADD,CER,DCP,DGN,TPO R
      CR1 S1 : S=LB S N R=A,B,C,D,E R=DH R N N S S
      CR2 S1 : 7*N R=A,C,D,E,F,G,M N S S
      CRC S3 : R=07 R=N,Y R=01,04,05,06,07,08,09,12 4*S=01,04,05,06,07,08,09,12
      CRC S3 : R=E1,E2,E3 R=N,Y R=L1,L2,L3,L4,L5 4*S=L1,L2,L3,L4,L5
      CRC S1 : R=75 R=Y R=IH
      CRC S1 : R=ZZ R=N,Y R=AV,NU,S2,ST 2*S=AV,NU,S2,ST
      HI R1 : R(R=ABK,BK R) 11*S(R=ABF,BF R)
      HI S1 : R(R=BP R) S(R=BO R)
      HI S2 : R(R=BG R) 11*S(R=BG R)
      HCP S1 : R=00,01,02,03,04,05,07,08,09,10,11,12,13,14 R 5*S 5*N S=T1,T2,T3,T4,T5,T6 S=1,2,3,4,5 S=1,2,3,4,5,6
      @2310A S2 Referring provider
        NM1 R1 : R=DN,P3 R=1 R S S N S S=XX S
        REF S3 : R=0B,1G,G2 R
      @2310B S1 Rendering provider
        NM1 R1 : R=82 R=1,2 R S S N S S=XX S
        PRV S1 : R=PE R=PXC R
        REF S4 : R=0B,1G,G2,LU R
      @2310C S1 Service facility
        NM1 R1 : R=77 R=2 R 4*N S=XX S
        N3 R1 : R S
        N4 R1 : R S S S@country N N S
        REF S3 : R=0B,G2,LU R
        PER S1 : R=IC S R=TE R S=EX S
      @2310D S1 Supervising provider
        NM1 R1 : R=DQ R=1 R S S N S S=XX S
        REF S4 : R=0B,1G,G2,LU R
      @2310E S1 Ambulance pick-up
        NM1 R1 : R=PW R=2
        N3 R1 : R S
        N4 R1 : R S S S@country N N S
      @2310F S1 Ambulance drop-off
        NM1 R1 : R=45 R=2 S
        N3 R1 : R S
        N4 R1 : R S S S@country N N S
      @2320 S10 Other coverage
        SBR R1 : R=A,B,C,D,E,F,G,H,P,S,T,U R=01,18,19,20,21,39,40,53,G8 S S S=12,13,14,15,16,41,42,43,47 3*N S=11, \
              12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ
        CAS S5 : R=CO,CR,OA,PI,PR R R 16*S
        AMT S1 : R=D R
        AMT S1 : R=A8 R
        AMT S1 : R=EAF R
        OI R1 : N N R=N,W,Y S=P N R=I,Y
        MOA S1 : S S 5*S@remark S S
        @2330A R1 Other subscriber
          NM1 R1 : R=IL R=1,2 R S S N S R=II,MI R
          N3 S1 : R S
          N4 S1 : R S S S@country N N S
          REF S1 : R=SY R
        @2330B R1 Other payer
          NM1 R1 : R=PR R=2 R 4*N R=PI,XV R
          N3 S1 : R S
          N4 S1 : R S S S@country N N S
          DTP S1 : R=573 R=D8 R
          REF S2 : R=2U,EI,FY,NF R
          REF S1 : R=G1 R
          REF S1 : R=9F R
          REF S1 : R=T4 R
          REF S1 : R=F8 R
        @2330C S2 Other payer: referring provider
          NM1 R1 : R=DN,P3 R=1
          REF R3 : R=0B,1G,G2 R
        @2330D S1 Other payer: rendering provider
          NM1 R1 : R=82 R=1,2
          REF R3 : R=0B,1G,G2,LU R
        @2330E S1 Other payer: service facility
          NM1 R1 : R=77 R=2
          REF R3 : R=0B,G2,LU R
        @2330F S1 Other payer: supervising provider
          NM1 R1 : R=DQ R=1
          REF R3 : R=0B,1G,G2,LU R
        @2330G S1 Other payer: billing provider
          NM1 R1 : R=85 R=1,2
          REF R2 : R=G2,LU R
      @2400 R50 Service line
        LX R1 : R
        SV1 R1 : R(R=ER,HC,IV,WK R 5*S) R R=MJ,UN R S@pos N R(R=1,10,11,12,2,3,4,5,6,7,8,9 3*S=1,10,11,12,2,3,4,5,6, \
              7,8,9) N S=Y N S=Y S=Y N N S=0
        SV5 S1 : R(R=HC R) R=DA 3*R R=1,4,6
        PWK S10 : R=03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB, \
              HC,HR,I5,IR,LA,M1,MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP R=AA,BM,EL,EM, \
              FT,FX N N S=AC S
        PWK S1 : R=CT R=AB,AD,AF,AG,NS
        CR1 S1 : S=LB S N R=A,B,C,D,E R=DH R N N S S
        CR3 S1 : R=I,R,S R=MO R
        CRC S3 : R=07 R=N,Y R=01,04,05,06,07,08,09,12 4*S=01,04,05,06,07,08,09,12
        CRC S1 : R=70 R=N,Y R=65
        CRC S1 : R=09 R=N,Y R=38,ZV S=38,ZV
        DTP R1 : R=472 R=D8,RD8 R
        DTP S1 : R=471 R=D8 R
        DTP S1 : R=607 R=D8 R
        DTP S1 : R=463 R=D8 R
        DTP S1 : R=461 R=D8 R
        DTP S1 : R=304 R=D8 R
        DTP S2 : R=738,739 R=D8 R
        DTP S1 : R=011 R=D8 R
        DTP S1 : R=455 R=D8 R
        DTP S1 : R=454 R=D8 R
        QTY S1 : R=PT R
        QTY S1 : R=FL R
        MEA S5 : R=OG,TR R=HT,R1,R2,R3,R4 R
        CN1 S1 : R=01,02,03,04,05,06,09 5*S
        REF S1 : R=9B R
        REF S1 : R=9D R
        REF S5 : R=G1 R N S(R=2U R)
        REF S1 : R=6R R
        REF S1 : R=EW R
        REF S1 : R=X4 R
        REF S1 : R=F4 R
        REF S1 : R=BT R
        REF S5 : R=9F R N S(R=2U R)
        AMT S1 : R=T R
        AMT S1 : R=F4 R
        K3 S10 : R
        NTE S1 : R=ADD,DCP R
        NTE S1 : R=TPO R
        PS1 S1 : R R
        HCP S1 : R=00,01,02,03,04,05,06,07,08,09,10,11,12,13,14 R 5*S N S=ER,HC,IV,WK S S=MJ,UN S S=T1,T2,T3,T4,T5, \
              T6 S=1,2,3,4,5 S=1,2,3,4,5,6
        @2410 S1 Drug
          LIN R1 : N R=EN,EO,HI,N4,ON,UK,UP R
          CTP R1 : 3*N R R(R=F2,GR,ME,ML,UN)
          REF S1 : R=VY,XZ R
        @2420A S1 Line rendering provider
          NM1 R1 : R=82 R=1,2 R S S N S S=XX S
          PRV S1 : R=PE R=PXC R
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420B S1 Line purchased service provider
          NM1 R1 : R=QB R=1,2 5*N S=XX S
          REF S20 : R=0B,1G,G2 R N S(R=2U R)
        @2420C S1 Line service facility
          NM1 R1 : R=77 R=2 R 4*N S=XX S
          N3 R1 : R S
          N4 R1 : R S S S@country N N S
          REF S3 : R=G2,LU R N S(R=2U R)
        @2420D S1 Line supervising provider
          NM1 R1 : R=DQ R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420E S1 Line ordering provider
          NM1 R1 : R=DK R=1 R S S N S S=XX S
          N3 S1 : R S
          N4 S1 : R S S S@country N N S
          REF S20 : R=0B,1G,G2 R N S(R=2U R)
          PER S1 : R=IC S R=EM,FX,TE R S=EM,EX,FX,TE S S=EM,EX,FX,TE S
        @2420F S2 Line referring provider
          NM1 R1 : R=DN,P3 R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2 R N S(R=2U R)
        @2420G S1 Line ambulance pick-up
          NM1 R1 : R=PW R=2
          N3 R1 : R S
          N4 R1 : R S S S@country N N S
        @2420H S1 Line ambulance drop-off
          NM1 R1 : R=45 R=2 S
          N3 R1 : R S
          N4 R1 : R S S S@country N N S
        @2430 S15 Line adjudication by another payer
          SVD R1 : R R R(R=ER,HC,IV,WK R 5*S) N R S
          CAS S5 : R=CO,CR,OA,PI,PR R R 16*S
          DTP R1 : R=573 R=D8 R
          AMT S1 : R=EAF R
        @2440 S> Supporting form
          LQ R1 : R=AS,UT R
          FRM R99 : R S=N,W,Y 3*S
    @2000C* S> Patient level
      HL R1 : R R R=23 R=0
      PAT R1 : R=01,19,20,21,39,40,53,G8 3*N S=D8 S S=01 S S=Y
      @2010CA R1 Patient
        NM1 R1 : R=QC R=1 R S S N S
        N3 R1 : R S
        N4 R1 : R S S S@country N N S
        DMG R1 : R=D8 R R=F,M,U
        REF S1 : R=Y4 R
        REF S1 : R=1W,SY R
        PER S1 : R=IC S R=TE R S=EX S
      @2300* R100 Claim
SE R1 : R R
"""

GUIDE = Guide(
    set_id="837",
    version="005010X222A1",
    name="Professional claim",
    functional_id="HC",
    table=TABLE,
    accepted_versions=frozenset({"005010X222A2"}),
    earlier_versions=frozenset({"005010X222"}),
    situations=(
        *SUBSCRIBER,
        *ACCIDENT,
        *OTHER_PAYERS,
        *MEDICARE_SECOND,
        *CITIES,
        Situation(
            "admission-date-missing",
            "2300",
            "CLM05-1=21,51,61",
            "DTP[435]",
            "the service was in an inpatient facility, but the admission date is missing",
            "send DTP*435",
            "warning",
        ),
    ),
)
