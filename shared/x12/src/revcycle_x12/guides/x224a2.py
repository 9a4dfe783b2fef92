"""837 dental claim, 005010X224A2."""

from revcycle_x12._grammar.guide import Guide, Situation
from revcycle_x12.guides.situations_837 import ACCIDENT, OTHER_PAYERS, SUBSCRIBER

TABLE = """
ST R1 : R=837 R S
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
    @2010BA R1 Subscriber
      NM1 R1 : R=IL R=1,2 R S S N S R=II,MI R
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
      REF S2 : R=G2,LU R
    @2300* S100 Claim
      CLM R1 : R R N N R(R@pos R=B R) R=N,Y R=A,B,C R=N,W,Y R=I,Y N S(R=AA,EM,OA S=AA,EM,OA N S S@country) \
            S=01,02,03,05 6*N S=PB S=1,10,11,15,2,3,4,5,6,7,8,9
      DTP S1 : R=439 R=D8 R
      DTP S1 : R=452 R=D8 R
      DTP S1 : R=472 R=D8,RD8 R
      DTP S1 : R=050 R=D8 R
      DN1 S1 : S S S=Y S
      DN2 S35 : R R=E,I,M 3*N R=JP
      PWK S10 : R=B4,DA,DG,EB,OZ,P6,RB,RR R=AA,BM,EL,EM,FT,FX N N S=AC S
      CN1 S1 : R=01,02,03,04,05,06,09 5*S
      AMT S1 : R=F5 R
      REF S1 : R=G3 R
      REF S1 : R=4N R
      REF S1 : R=F8 R
      REF S1 : R=9F R
      REF S1 : R=G1 R
      REF S1 : R=9A R
      REF S1 : R=9C R
      REF S1 : R=D9 R
      K3 S10 : R
      NTE S5 : R=ADD R
      HI S1 : R(R=ABK,BK,TQ R) 3*S(R=ABF,BF,TQ R)
      HCP S1 : R=00,01,02,03,04,05,07,08,09,10,11,12,13,14 R 5*S 5*N S=T1,T2,T3,T4,T5,T6 S=1,2,3,4,5 S=1,2,3,4,5,6
      @2310A S2 Referring provider
        NM1 R1 : R=DN,P3 R=1 R S S N S S=XX S
        PRV S1 : R=RF R=PXC R
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
      @2310D S1 Assistant surgeon
        NM1 R1 : R=DD R=1 R S S N S S=XX S
        PRV S1 : R=AS R=PXC R
        REF S4 : R=0B,1G,G2,LU R
      @2310E S1 Supervising provider
        NM1 R1 : R=DQ R=1 R S S N S S=XX S
        REF S4 : R=0B,1G,G2,LU R
      @2320 S10 Other coverage
        SBR R1 : R=A,B,C,D,E,F,G,H,P,S,T,U R=01,18,19,20,21,39,40,53,G8 S S S=12,13,14,15,16,41,42,43,47 3*N S=11, \
              12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ
        CAS S5 : R=CO,CR,OA,PI,PR R R 16*S
        AMT S1 : R=D R
        AMT S1 : R=A8 R
        AMT S1 : R=EAF R
        OI R1 : N N R=N,W,Y N N R=I,Y
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
          REF S1 : R=G3 R
          REF S1 : R=F8 R
        @2330C S2 Other payer: referring provider
          NM1 R1 : R=DN,P3 R=1
          REF R3 : R=0B,1G,G2 R
        @2330D S1 Other payer: rendering provider
          NM1 R1 : R=82 R=1,2
          REF R3 : R=0B,1G,G2,LU R
        @2330E S1 Other payer: supervising provider
          NM1 R1 : R=DQ R=1
          REF R3 : R=0B,1G,G2,LU R
        @2330F S1 Other payer: billing provider
          NM1 R1 : R=85 R=1,2
          REF R2 : R=G2,LU R
        @2330G S1 Other payer: service facility
          NM1 R1 : R=77 R=2
          REF R3 : R=0B,G2,LU R
        @2330H S1 Other payer: assistant surgeon
          NM1 R1 : R=DD R=1,2
          REF R3 : R=0B,1G,G2,LU R
      @2400 R50 Service line
        LX R1 : R
        SV3 R1 : R(R=AD R 5*S) R S@pos S(R 4*S) S=I,R R 4*N S(R=1,2,3,4 3*S=1,2,3,4)
        TOO S32 : R=JP R S(R=B,D,F,I,L,M,O 4*S=B,D,F,I,L,M,O)
        DTP S1 : R=472 R=D8 R
        DTP S1 : R=139,441 R=D8 R
        DTP S1 : R=452 R=D8 R
        DTP S1 : R=446 R=D8 R
        DTP S1 : R=196 R=D8 R
        DTP S1 : R=198 R=D8 R
        CN1 S1 : R=01,02,03,04,05,06,09 5*S
        REF S5 : R=G3 R N S(R=2U R)
        REF S5 : R=G1 R N S(R=2U R)
        REF S1 : R=6R R
        REF S1 : R=9B R
        REF S1 : R=9D R
        REF S5 : R=9F R N S(R=2U R)
        AMT S1 : R=T R
        K3 S10 : R
        HCP S1 : R=00,01,02,03,04,05,06,07,08,09,10,11,12,13,14 R 5*S N S=AD S S=UN S S=T1,T2,T3,T4,T5,T6 S=1,2,3,4,5 \
              S=1,2,3,4,5,6
        @2420A S1 Line rendering provider
          NM1 R1 : R=82 R=1,2 R S S N S S=XX S
          PRV S1 : R=PE R=PXC R
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420B S1 Line assistant surgeon
          NM1 R1 : R=DD R=1 R S S N S S=XX S
          PRV S1 : R=AS R=PXC R
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420C S1 Line supervising provider
          NM1 R1 : R=DQ R=1 R S S N S S=XX S
          REF S20 : R=0B,1G,G2,LU R N S(R=2U R)
        @2420D S1 Line service facility
          NM1 R1 : R=77 R=2 R 4*N S=XX S
          N3 R1 : R S
          N4 R1 : R S S S@country N N S
          REF S3 : R=G2,LU R N S(R=2U R)
        @2430 S15 Line adjudication by another payer
          SVD R1 : R R R(R=AD,ER R 5*S) N R S
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
    version="005010X224A2",
    earlier_versions=frozenset({"005010X224", "005010X224A1"}),
    name="Dental claim",
    functional_id="HC",
    table=TABLE,
    situations=(
        *SUBSCRIBER,
        *ACCIDENT,
        *OTHER_PAYERS,
        Situation(
            "service-date-missing",
            "2400",
            "not ^2300/DTP[472] and not ^2300/DTP[452] and not ^2300/CLM19",
            "DTP[472]",
            "neither the claim nor the line says when the service was given",
            "send DTP*472; of a predetermination say so in CLM19",
            "warning",
        ),
    ),
)
