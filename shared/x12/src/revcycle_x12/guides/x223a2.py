"""837 institutional claim, 005010X223A2."""

from revcycle_x12._grammar.guide import Guide, Situation
from revcycle_x12.guides.situations_837 import ACCIDENT, CITIES, OTHER_PAYERS, SUBSCRIBER

TABLE = """
ST R1 : R=837 R R
BHT R1 : R=0019 R=00,18 3*R R=31,CH,RP
@1000A R1 Submitter
  NM1 R1 : R=41 R=1,2 R S S N N R=46 R
  PER R2 : R=IC S R=EM,FX,TE R S=EM,EX,FX,TE S S=EM,EX,FX,TE S
@1000B R1 Receiver
  NM1 R1 : R=40 R=2 R 4*N R=46 R
@2000A* R> Billing provider level
  HL R1 : R N R=20 R=1
  PRV S1 : R=BI R=PXC R
  CUR S1 : R=85 R@currency
  @2010AA R1 Billing provider
    NM1 R1 : R=85 R=2 R 4*N S=XX S
    N3 R1 : R S
    N4 R1 : R S S S@country N N S
    REF R1 : R=EI R
    PER S2 : R=IC S R=EM,FX,TE R S=EM,EX,FX,TE S S=EM,EX,FX,TE S
  @2010AB S1 Pay-to address
    NM1 R1 : R=87 R=2
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
    SBR R1 : R=A,B,C,D,E,F,G,H,P,S,T,U S=18 S S 4*N S=11,12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV, \
          VA,WC,ZZ
    @2010BA R1 Subscriber
      NM1 R1 : R=IL R=1,2 R S S N S S=II,MI S
      N3 S1 : R S
      N4 S1 : R S S S@country N N S
      DMG S1 : R=D8 R R=F,M,U
      REF S1 : R=SY R
      REF S1 : R=Y4 R
    @2010BB R1 Payer
      NM1 R1 : R=PR R=2 R 4*N R=PI,XV R
      N3 S1 : R S
      N4 S1 : R S S S@country N N S
      REF S3 : R=2U,EI,FY,NF R
      REF S1 : R=G2,LU R
    @2300* S100 Claim
      CLM R1 : R R N N R(R@bill_type R=A R) N R=A,B,C R=N,W,Y R=I,Y 10*N S=1,10,11,15,2,3,4,5,6,7,8,9
      DTP S1 : R=096 R=TM R
      DTP R1 : R=434 R=RD8 R
      DTP S1 : R=435 R=D8,DT R
      DTP S1 : R=050 R=D8 R
      CL1 R1 : S S R@patient_status
      PWK S10 : R=03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB, \
            HC,HR,I5,IR,LA,M1,MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP R=AA,BM,EL,EM,FT, \
            FX N N S=AC S
      CN1 S1 : R=01,02,03,04,05,06,09 5*S
      AMT S1 : R=F3 R
      REF S1 : R=4N R
      REF S1 : R=9F R
      REF S1 : R=G1 R
      REF S1 : R=F8 R
      REF S1 : R=9A R
      REF S1 : R=9C R
      REF S5 : R=LX R
      REF S1 : R=D9 R
      REF S1 : R=LU R
      REF S1 : R=EA R
      REF S1 : R=P4 R
      REF S1 : R=G4 R
      K3 S10 : R
      NTE S10 : R=ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI R
      NTE S1 : R=ADD R
      CRC S1 : R=ZZ R=N,Y R=AV,NU,S2,ST S S
      HI R1 : R(R=ABK,BK R 6*N S=N,U,W,Y)
      HI S1 : R(R=ABJ,BJ R)
      HI S1 : R(R=APR,PR R) 2*S(R=APR,PR R)
      HI S1 : R(R=ABN,BN R 6*N S=N,U,W,Y) 11*S(R=ABN,BN R 6*N S=N,U,W,Y)
      HI S1 : R(R=DR R)
      HI S2 : R(R=ABF,BF R 6*N S=N,U,W,Y) 11*S(R=ABF,BF R 6*N S=N,U,W,Y)
      HI S1 : R(R=BBR,BR,CAH R R=D8 R)
      HI S2 : R(R=BBQ,BQ R R=D8 R) 11*S(R=BBQ,BQ R R=D8 R)
      HI S2 : R(R=BI R R=RD8 R) 11*S(R=BI R R=RD8 R)
      HI S2 : R(R=BH R R=D8 R) 11*S(R=BH R R=D8 R)
      HI S2 : R(R=BE R N N R) 11*S(R=BE R N N R)
      HI S2 : R(R=BG R) 11*S(R=BG R)
      HI S2 : R(R=TC R) 11*S(R=TC R)
      HCP S1 : R=00,01,02,03,04,05,06,07,08,09,10,11,12,13,14 R 6*S N N S=DA,UN S S=T1,T2,T3,T4,T5,T6 S=1,2,3,4,5 \
            S=1,2,3,4,5,6
      @2310A S1 Attending provider
        NM1 R1 : R=71 R=1 R S S N S S=XX S
        PRV S1 : R=AT R=PXC R
        REF S4 : R=0B,1G,G2,LU R
      @2310B S1 Operating physician
        NM1 R1 : R=72 R=1 R S S N S S=XX S
        REF S4 : R=0B,1G,G2,LU R
      @2310C S1 Other operating physician
        NM1 R1 : R=ZZ R=1 R S S N S S=XX S
        REF S4 : R=0B,1G,G2,LU R
      @2310D S1 Rendering provider
        NM1 R1 : R=82 R=1 R S S N S S=XX S
        REF S4 : R=0B,1G,G2,LU R
      @2310E S1 Service facility
        NM1 R1 : R=77 R=2 R 4*N S=XX S
        N3 R1 : R S
        N4 R1 : R S S S@country N N S
        REF S3 : R=0B,G2,LU R
      @2310F S1 Referring provider
        NM1 R1 : R=DN R=1 R S S N S S=XX S
        REF S3 : R=0B,1G,G2 R
      @2320 S10 Other coverage
        SBR R1 : R=A,B,C,D,E,F,G,H,P,S,T,U R=01,18,19,20,21,39,40,53,G8 S S 4*N S=11,12,13,14,15,16,17,AM,BL,CH,CI, \
              DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ
        CAS S5 : R=CO,CR,OA,PI,PR R R 16*S
        AMT S1 : R=D R
        AMT S1 : R=EAF R
        AMT S1 : R=A8 R
        OI R1 : N N R=N,W,Y N N R=I,Y
        MIA S1 : R N S S S@remark 14*S 4*S@remark S
        MOA S1 : S S 5*S@remark S S
        @2330A R1 Other subscriber
          NM1 R1 : R=IL R=1,2 R S S N S R=II,MI R
          N3 S1 : R S
          N4 S1 : R S S S@country N N S
          REF S2 : R=SY R
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
        @2330C S1 Other payer: attending provider
          NM1 R1 : R=71 R=1
          REF R4 : R=0B,1G,G2,LU R
        @2330D S1 Other payer: operating physician
          NM1 R1 : R=72 R=1
          REF R4 : R=0B,1G,G2,LU R
        @2330E S1 Other payer: other operating physician
          NM1 R1 : R=ZZ R=1
          REF R4 : R=0B,1G,G2,LU R
        @2330F S1 Other payer: service facility
          NM1 R1 : R=77 R=2
          REF R3 : R=0B,G2,LU R
        @2330G S1 Other payer: rendering provider
          NM1 R1 : R=82 R=1
          REF R4 : R=0B,1G,G2,LU R
        @2330H S1 Other payer: referring provider
          NM1 R1 : R=DN R=1
          REF R3 : R=0B,1G,G2 R
        @2330I S1 Other payer: billing provider
          NM1 R1 : R=85 R=2
          REF R2 : R=G2,LU R
      @2400 R999 Service line
        LX R1 : R
        SV2 R1 : R S(R=ER,HC,HP,IV,WK R 5*S) R R=DA,UN R N S
        PWK S10 : R=03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB, \
              HC,HR,I5,IR,LA,M1,MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP R=AA,BM,EL,EM, \
              FT,FX N N S=AC S
        DTP S1 : R=472 R=D8,RD8 R
        REF S1 : R=6R R
        REF S1 : R=9B R
        REF S1 : R=9D R
        AMT S1 : R=GT R
        AMT S1 : R=N8 R
        NTE S1 : R=TPO R
        HCP S1 : R=00,01,02,03,04,05,06,07,08,09,10,11,12,13,14 R 6*S S=ER,HC,HP,IV,WK S S=DA,UN S S=T1,T2,T3,T4,T5, \
              T6 S=1,2,3,4,5 S=1,2,3,4,5,6
        @2410 S1 Drug
          LIN R1 : N R=N4 R
          CTP R1 : 3*N R R(R=F2,GR,ME,ML,UN)
          REF S1 : R=VY,XZ R
        @2420A S1 Line operating physician
          NM1 R1 : R=72 R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420B S1 Line other operating physician
          NM1 R1 : R=ZZ R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420C S1 Line rendering provider
          NM1 R1 : R=82 R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420D S1 Line referring provider
          NM1 R1 : R=DN R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2 R N S(R=2U R)
        @2430 S15 Line adjudication by another payer
          SVD R1 : R R S(R=ER,HC,HP,IV,WK R 5*S) R R S
          CAS S5 : R=CO,CR,OA,PI,PR R R 16*S
          DTP R1 : R=573 R=D8 R
          AMT S1 : R=EAF R
    @2000C* S> Patient level
      HL R1 : R R R=23 R=0
      PAT R1 : R=01,19,20,21,39,40,53,G8
      @2010CA R1 Patient
        NM1 R1 : R=QC R=1 R S S N S
        N3 R1 : R S
        N4 R1 : R S S S@country N N S
        DMG R1 : R=D8 R R=F,M,U
        REF S1 : R=Y4 R
        REF S1 : R=1W,SY R
      @2300* R100 Claim
SE R1 : R R
"""

GUIDE = Guide(
    set_id="837",
    version="005010X223A2",
    name="Institutional claim",
    functional_id="HC",
    table=TABLE,
    accepted_versions=frozenset({"005010X223A3"}),
    earlier_versions=frozenset({"005010X223", "005010X223A1"}),
    situations=(
        *SUBSCRIBER,
        *ACCIDENT,
        *OTHER_PAYERS,
        *CITIES,
        Situation(
            "admission-date-missing",
            "2300",
            "CLM05-1=11,41",
            "DTP[435]",
            "the claim is an inpatient one, but the admission date and hour are missing",
            "send DTP*435",
        ),
        Situation(
            "admitting-diagnosis-missing",
            "2300",
            "CLM05-1=11,41 and DTP[435]",
            "HI[ABJ|BJ]",
            "the claim is an inpatient one, but the admitting diagnosis is missing",
            "send HI*ABJ",
            "warning",
        ),
    ),
)
