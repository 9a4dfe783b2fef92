"""What codes mean, in words of our own: the lists themselves are licensed. A line is a code and its text."""


def _texts(table: str) -> dict[str, str]:
    rows = (line.strip().partition(" ") for line in table.strip().split("\n"))
    return {code: text for code, _, text in rows}


ADJUSTMENT_REASONS = _texts("""
    1 deductible
    2 coinsurance
    3 copayment
    4 the procedure does not fit its modifier, or a modifier is missing
    5 the service or bill type does not fit the place of service
    6 the service does not fit the patient's age
    7 the service does not fit the patient's sex
    8 the service does not fit the provider's specialty
    9 the diagnosis does not fit the patient's age
    10 the diagnosis does not fit the patient's sex
    11 the diagnosis does not fit the procedure
    12 the diagnosis does not fit the provider's specialty
    13 the date of death is before the date of service
    14 the date of birth is after the date of service
    16 something needed to decide is missing or wrong: see the remark codes
    18 an exact copy of a claim or service seen before
    19 an injury at work: workers' compensation pays
    20 a liability insurer pays
    21 a no-fault insurer pays
    22 another payer comes first
    23 what earlier payers paid or adjusted
    24 covered by a capitation or managed care arrangement
    26 served before coverage began
    27 served after coverage ended
    29 the filing limit has passed
    31 the patient is not known as insured here
    32 the patient is not an eligible dependent
    33 the insured has no dependent coverage
    35 the lifetime maximum is reached
    39 refused when authorization was asked for
    40 not an emergency or urgent care as the plan means it
    44 discount for prompt payment
    45 charge above the fee schedule or the contracted amount
    49 routine or preventive care that is not covered
    50 not medically necessary as the payer sees it
    51 a condition that existed before coverage
    53 services by the patient's family or household are not covered
    54 several physicians or assistants are not covered here
    55 experimental or not proven as the payer sees it
    56 not proven effective as the payer sees it
    58 given in a place where it is not covered
    59 processed under the rules for several or concurrent procedures
    60 outpatient services are not covered with this inpatient stay
    66 blood deductible
    69 day outlier
    70 cost outlier
    74 indirect medical education
    75 direct medical education
    76 disproportionate share
    78 days or room charge not covered
    85 interest the patient owes
    89 professional fees taken out of the charge
    90 ingredient cost
    91 dispensing fee
    94 processed above the charge
    95 the plan's procedures were not followed
    96 not covered: see the remark codes
    97 included in the payment for another service
    100 paid to the patient or the insured
    101 predetermination: what would be paid
    102 major medical adjustment
    103 promotional discount
    104 managed care withholding
    105 tax withholding
    106 the patient's choice of payment is not valid
    107 the related claim or service is missing
    108 rent or purchase guidelines were not met
    109 not this payer's to pay: send it to the right one
    110 billed before the date of service
    111 not covered unless the provider accepts assignment
    112 not given directly to the patient, or not documented
    114 not approved by the Food and Drug Administration
    115 the procedure was put off or cancelled
    116 the advance notice the patient signed does not meet the rules
    117 transport only to the nearest place that can give the care
    118 adjusted for end-stage renal disease network support
    119 the maximum for this period or occurrence is reached
    121 a guarantee to make good on another payer's default
    122 psychiatric reduction
    128 the newborn's services are in the mother's
    129 what an earlier payer said seems wrong
    130 claim submission fee
    131 a discount negotiated for this claim
    132 a demonstration project
    133 waiting for further review
    134 technical fees taken out of the charge
    135 interim bills cannot be processed
    136 the plan's limit for coordination was not followed
    137 regulatory surcharges, assessments or health taxes
    138 an appeal was not made in time or form
    139 the subscriber works for the provider: paid by contract
    140 identifier and name of the patient do not match
    142 the monthly Medicaid liability of the patient
    143 part of the payment is deferred
    144 incentive
    146 the diagnosis is not valid for the date of service
    147 the contracted rate ran out or is not on file
    148 information from another provider is missing
    149 the lifetime maximum for this benefit is reached
    150 what was documented does not support this level of service
    151 what was documented does not support so many services
    152 what was documented does not support this length of service
    153 what was documented does not support this dosage
    154 what was documented does not support this day's supply
    155 the patient refused the service
    157 given as a result of an act of war
    158 given outside of the United States
    159 given as a result of terrorism
    160 the injury comes from an activity the plan excludes
    161 provider performance bonus
    163 an attachment that was announced did not come
    164 an attachment that was announced did not come in time
    165 referral missing or exceeded
    166 sent to a plan that has ended its work
    167 this diagnosis is not covered
    169 an alternate benefit was given
    170 not covered when this type of provider gives it
    171 not covered when this type of provider gives it in this place
    172 adjusted when this specialty gives it
    173 not prescribed by a physician
    174 not prescribed before it was given
    175 the prescription is incomplete
    176 the prescription is out of date
    177 the patient does not meet the conditions
    178 the patient has not met the spend-down
    179 the waiting period was not met
    180 the residence requirements were not met
    181 the procedure code was not valid on the date
    182 the modifier was not valid on the date
    183 the referring provider may not refer this
    184 the ordering provider may not order this
    185 the rendering provider may not give this
    186 the level of care changed
    187 paid from a spending account
    188 covered only under certain conditions
    189 a code for what has no code was used where there is one
    190 included in a skilled nursing stay
    192 no standard code in paper remittance or from another payer
    193 looked at again: the first decision stands
    194 anesthesia by the surgeon or an assistant
    195 refund given to a wrong payer
    197 authorization or notice before the service is missing
    198 authorization exceeded
    199 revenue code and procedure do not fit
    200 served while coverage had lapsed
    201 paid from a set-aside arrangement for compensation
    202 personal comfort or convenience is not covered
    203 service discontinued or reduced
    204 not covered under the patient's present plan
    205 pharmacy card processing fee
    206 a provider number is missing
    207 a provider number is not valid
    208 a provider number does not match
    209 the provider may not bill this to the patient
    210 authorization not asked for in time
    211 the drug code is not eligible
    212 administrative surcharges are not covered
    213 not in line with a referral prohibition
    215 recovered from a third party
    216 a review organization's finding
    219 depends on the extent of the injury
    222 above the contracted maximum of hours, days or units
    223 adjusted by a law or regulation that has no code of its own
    224 somebody else used the patient's identity
    225 penalty or interest the payer pays
    226 information asked of the provider did not come in full or in time
    227 information asked of the patient did not come in full or in time
    228 refused because the provider or another one did not send something
    229 part of the charge was not considered
    231 cannot be done on the same day or in the same setting
    232 institutional transfer
    233 care for something acquired in the hospital, or an error in treatment
    234 not paid separately
    235 sales tax
    236 the combination of procedures is not compatible on that day
    237 penalty by law
    238 partly covered: the stay went beyond the benefit
    239 partly ineligible period
    240 the diagnosis does not fit the birth weight
    241 low-income subsidy
    242 not given by a provider of the network
    243 not authorized by the network or primary care provider
    245 performance withholding
    246 for information only: nothing is paid for it
    247 deductible for a professional service in an institution
    248 coinsurance for a professional service in an institution
    249 readmission
    250 the attachment that came is not the one needed
    251 the attachment that came is incomplete
    252 an attachment is needed to decide
    253 federal sequestration
    254 belongs to the medical plan
    256 not payable under the managed care contract
    257 disposition waits during a premium grace period
    258 not covered while the patient is in custody
    259 extra payment for dental or vision
    260 processed under the enhanced Medicaid fee schedule
    261 inconsistent with the patient's history
    267 spans several months
    268 spans two calendar years
    269 anesthesia not covered for this service
    270 belongs to the dental plan
    272 coverage guidelines were not met
    273 coverage guidelines were exceeded
    274 fee of a preferred provider network
    275 what an earlier payer left to the patient is not covered
    276 what an earlier payer refused is not covered
    277 disposition waits during a premium grace period of an exchange plan
    278 performance standards were not met
    279 not covered by providers outside of the network
    280 belongs to the pharmacy plan
    281 deductible waived by contract
    282 the procedure does not fit the type of bill
    283 the attending provider may not give this
    284 the authorization does not cover what was billed
    285 appeal procedures were not followed
    286 appeal time limits were not met
    287 referral exceeded
    288 referral missing
    289 several claims for what one should hold
    296 the authorization is for another provider
    297 belongs to the vision plan
    299 the billing provider may not be paid for this
    300 belongs to the behavioral health plan and was sent on
    301 belongs to the behavioral health plan and was not sent on
    302 the time of the authorization has run out
    A0 refund to the patient
    A1 refused: see the remark codes
    A5 capital cost outlier
    A6 no earlier hospital stay, or the 30-day rule was not met
    A8 the diagnosis-related group cannot be formed
    B1 visits that are not covered
    B4 late filing penalty
    B7 the provider was not eligible for this on the date
    B8 another service was available and should have been used
    B9 the patient is in a hospice
    B10 reduced because a part of a procedure was paid before
    B11 sent on to the right payer
    B12 the service is not in the records
    B13 paid before
    B14 one visit or consultation a day
    B15 needs another service that is not there
    B16 not a new patient
    B20 given in part or whole by another provider
    B22 adjusted because of the diagnosis
    B23 the laboratory is not certified for this
    P1 handled by state rules of workers' compensation or liability
    P2 not work-related
    P3 workers' compensation case settled
    P4 not compensable
    P6 the limits of the policy are reached
    P8 under investigation
    P10 no payment: waiting for a decision of a court
    P12 above the fee schedule of workers' compensation
    P14 included in another payment of the day
    P21 policy limits of no-fault coverage are reached
    P23 fee schedule of medical payments coverage
    P24 network of liability coverage
""")

STATUS_CATEGORIES = _texts("""
    A0 forwarded to somebody else
    A1 received
    A2 accepted into adjudication
    A3 returned: it cannot be processed
    A4 claim not found
    A5 claim was split
    A6 rejected: information is missing
    A7 rejected: information is not valid
    A8 rejected: fields contradict each other
    D0 search found nothing
    E0 no answer: the request is wrong
    E1 no answer: the payer's system is unavailable
    E2 no answer: whoever holds the information does not respond
    E3 fields contradict each other: correct and send again
    E4 a requirement of the trading partner is not met
    F0 finalized: see the details
    F1 finalized: paid
    F2 finalized: denied
    F3 finalized: revised
    F3F finalized: forwarded to the next payer
    F3N finalized: not forwarded
    F4 finalized: complete, nothing is due
    P0 pending: see the details
    P1 pending: in process
    P2 pending: the payer reviews
    P3 pending: information was asked of the provider
    P4 pending: information was asked of the patient
    P5 pending: held by the payer's administration
    R0 more information is asked for
    R1 more information on a person or company is asked for
    R3 more information on the claim or encounter is asked for
    R4 documentation is asked for
    R5 more information on an earlier answer is asked for
""")

STATUSES = _texts("""
    0 cannot say more
    1 more details in a letter
    2 more details from the payer
    3 claim adjudicated, payment waits
    12 one or more services changed their code
    15 one or more services are not covered, see the others
    16 forwarded to another entity
    17 forwarded to an entity beyond the payer
    18 returned without being processed
    19 received by an entity
    20 accepted for processing
    21 information is missing or not valid
    23 returned to an entity
    24 an entity is not approved to submit electronically
    25 an entity is not approved
    26 an entity is not found
    27 the policy was cancelled
    29 the subscriber and policy number or contract number do not match
    33 the subscriber and subscriber number are not found
    35 claim or encounter not found
    37 the predetermination is on file
    38 waiting for the next periodic adjudication
    40 waiting for a final settlement
    41 special handling needed
    44 charges wait for a provider's audit
    45 waiting for a benefit determination
    46 in internal review
    49 waiting for the provider's accreditation
    50 waiting for an employer's answer
    51 information from an entity was asked for
    52 investigating
    54 a copy of a claim or line processed before or in process
    65 claim or line was paid
    84 service not authorized
    85 an entity is not primary
    88 an entity is not eligible for benefits on the dates of service
    90 an entity is not eligible for medical benefits on the dates of service
    91 an entity is not eligible or approved for the dates of service
    95 the requested additional information did not come in time
    97 the patient's eligibility is not found
    100 the preauthorization does not match
    101 claim was processed as an adjustment
    104 processed to a plan
    105 claim or line is capitated
    106 the amount is not an entity's to pay
    107 processed under a contract
    109 an entity is not eligible
    116 claim submitted to the wrong payer
    121 a service line number is above what is allowed
    122 data is missing or not valid for processing
    123 more information is needed, sent to an entity
    125 an entity's name
    126 an entity's address
    128 an entity's tax number
    132 an entity's Medicaid number
    135 an entity's commercial number
    145 an entity's specialty or taxonomy code
    153 an entity's identifier
    158 an entity's date of birth
    164 an entity's contract or member number
    171 other insurance of the patient
    178 the submitted charges
    187 dates of service
    188 the period of the statement
    218 the drug code
    228 the type of bill
    247 the line's information
    254 the primary diagnosis
    255 the diagnosis
    256 the diagnosis-related group
    286 an explanation of benefits of another payer
    294 supporting documentation
    297 medical notes or a report
    306 a detailed description of the service
    400 claim is out of balance
    402 the amount has to be above zero
    448 invalid billing combination
    453 procedure code modifiers
    454 the procedure code for the services
    455 the revenue code for the services
    464 the payer's control number
    465 the principal procedure code
    474 the procedure code and the patient's sex
    475 the procedure code and the patient's age
    476 missing or too many units
    477 the diagnosis pointer
    481 the claim or submission format
    483 the maximum for a benefit or period is reached
    488 the diagnosis code for the services
    490 other procedure codes of the claim
    500 an entity's postal code
    503 an entity's street
    521 the adjustment reason code
    535 the frequency of the claim
    562 an entity's NPI
    672 another payer's payment information is out of balance
    684 rejected by a syntax check
    732 information does not fit the billing guidelines
    746 a copy of a submission
    771 claim submitted too early
""")

PLACES_OF_SERVICE = _texts("""
    01 pharmacy
    02 telehealth, not in the patient's home
    03 school
    04 homeless shelter
    05 Indian Health Service, free-standing
    06 Indian Health Service, provider-based
    07 tribal facility, free-standing
    08 tribal facility, provider-based
    09 prison
    10 telehealth in the patient's home
    11 office
    12 home
    13 assisted living
    14 group home
    15 mobile unit
    16 temporary lodging
    17 walk-in retail clinic
    18 place of employment
    19 outpatient department off campus
    20 urgent care
    21 inpatient hospital
    22 outpatient department on campus
    23 emergency room
    24 ambulatory surgical center
    25 birthing center
    26 military treatment facility
    27 outreach on the street
    31 skilled nursing facility
    32 nursing facility
    33 custodial care
    34 hospice
    41 ambulance on land
    42 ambulance by air or water
    49 independent clinic
    50 federally qualified health center
    51 inpatient psychiatric facility
    52 psychiatric facility, partial hospitalization
    53 community mental health center
    54 intermediate care facility
    55 residential substance use treatment
    56 psychiatric residential treatment center
    57 non-residential substance use treatment
    58 non-residential opioid treatment
    60 mass immunization center
    61 comprehensive inpatient rehabilitation
    62 comprehensive outpatient rehabilitation
    65 end-stage renal disease facility
    66 program of all-inclusive care for the elderly
    71 public health clinic
    72 rural health clinic
    81 independent laboratory
    99 another place
""")

FREQUENCIES = _texts("""
    1 original
    2 interim, first
    3 interim, continuing
    4 interim, last
    5 late charges only
    7 replacement of an earlier claim
    8 void of an earlier claim
    9 final claim of a home health episode
""")

ENTITIES = _texts("""
    1P provider
    36 employer
    40 receiver
    41 submitter
    71 attending physician
    72 operating physician
    77 place of service
    82 rendering provider
    85 billing provider
    87 pay-to provider
    AY clearinghouse
    DK ordering provider
    DN referring provider
    DQ supervising provider
    FA facility
    IL subscriber
    PR payer
    QC patient
    TT payer the claim was sent on to
""")
