"""
The policy: what each CARC means for the work, in our own words.

Sources: X12's published code lists for what a code says (worded anew here); the 835 guide's code notes; the practice of
Medicare contractors for MA130 and N211. The recoverability figures are starting estimates of ours, not measurements.
A new rule with a date replaces an old one by `to_on` and `from_on`; nothing is deleted, for old decisions keep theirs.
"""

from typing import Any, Final

from denials.domain.policy import Category, PatientLiable, Policy, Remedy, Rule, Stage
from revcycle_kit.values import replace


def _rule(  # noqa: PLR0917 - the columns of a table
    carc: str, category: Category, stage: Stage, remedy: Remedy, bp: int, why: str
) -> Rule:
    return Rule(carc=carc, category=category, stage=stage, remedy=remedy, recoverability_bp=bp, why=why)


def _liable(patient: PatientLiable, *rules: Rule) -> list[Rule]:
    return [_with(rule, patient=patient) for rule in rules]


def _with(rule: Rule, **changed: Any) -> Rule:
    return replace(rule, **changed)


_CODING: Final = [
    _rule("4", "coding", "coding", "correct", 8500, "a modifier is missing or does not fit the procedure"),
    _rule("5", "coding", "claim", "correct", 8000, "the place of service does not fit the procedure or bill type"),
    _rule("6", "coding", "coding", "correct", 7000, "the procedure does not fit the patient's age"),
    _rule("7", "coding", "coding", "correct", 7000, "the procedure does not fit the patient's sex on file"),
    _rule("9", "coding", "coding", "correct", 7000, "the diagnosis does not fit the patient's age"),
    _rule("10", "coding", "coding", "correct", 7000, "the diagnosis does not fit the patient's sex on file"),
    _rule("11", "coding", "coding", "correct", 7500, "the diagnosis does not support the procedure"),
    _rule("58", "coding", "coding", "correct", 6000, "the payer found the place of service wrong"),
    _rule("146", "coding", "coding", "correct", 9000, "the diagnosis code was not valid on the day"),
    _rule("181", "coding", "coding", "correct", 9000, "the procedure code was not valid on the day"),
    _rule("182", "coding", "coding", "correct", 9000, "the modifier was not valid on the day"),
    _rule("189", "coding", "coding", "correct", 7500, "an unlisted code was billed where a specific one exists"),
    _rule("199", "coding", "coding", "correct", 8500, "revenue code and procedure do not match"),
    _rule("261", "coding", "coding", "correct", 4000, "the service does not fit the patient's history"),
    _rule("282", "coding", "claim", "correct", 8500, "the code does not fit the type of bill"),
    _rule("306", "coding", "claim", "correct", 8500, "the type of bill does not fit the patient status"),
    _rule("A8", "coding", "coding", "correct", 8000, "no DRG could be assigned"),
    _rule("B16", "coding", "coding", "correct", 9000, "billed as a new patient, but seen before"),
    _rule("B22", "coding", "coding", "correct", 5000, "adjusted for the diagnosis"),
    _rule("150", "coding", "coding", "appeal", 4000, "the record does not show this level of service"),
]
_BUNDLING: Final = [
    _rule("97", "bundling", "coding", "correct", 3500, "paid within another service; separate only with a modifier"),
    _with(
        _rule("97", "bundling", "coding", "accept", 1000, "the payer bundles this service; nothing separate is paid"),
        remarks=("M15", "N390"),
    ),
    _rule("60", "bundling", "claim", "accept", 1500, "outpatient service close to an inpatient stay"),
    _rule("128", "bundling", "claim", "accept", 1000, "the newborn's care is within the mother's payment"),
    _rule("190", "bundling", "claim", "accept", 1000, "within the payment of a skilled nursing stay"),
    _rule("194", "bundling", "coding", "accept", 1500, "anesthesia by the operating clinician is not paid apart"),
    _rule("231", "bundling", "coding", "correct", 3500, "two procedures exclude one another on one day"),
    _rule("234", "bundling", "coding", "accept", 1000, "not paid separately"),
    _rule("236", "bundling", "coding", "correct", 3500, "an NCCI pair on one day; separate only with a modifier"),
    _rule("249", "bundling", "payer", "appeal", 3000, "taken as a readmission"),
    _rule("B14", "bundling", "coding", "correct", 3500, "only one visit of the clinician is paid a day"),
    _rule("B15", "bundling", "coding", "correct", 4500, "the service that qualifies this one was not found"),
]
_AUTHORIZATION: Final = [
    _rule("197", "authorization", "authorization", "appeal", 5500, "no authorization on file"),
    _rule("198", "authorization", "authorization", "appeal", 4000, "more was done than was authorized"),
    _rule("15", "authorization", "claim", "correct", 7500, "the authorization number is missing or does not fit"),
    _rule("284", "authorization", "claim", "correct", 7000, "the authorization is for another service"),
    _rule("296", "authorization", "claim", "correct", 7000, "the authorization is for another provider"),
    _rule("302", "authorization", "authorization", "appeal", 3500, "the authorization had expired"),
    _rule("38", "authorization", "eligibility", "appeal", 3000, "not provided or ordered within the network"),
    _rule("39", "authorization", "authorization", "appeal", 3000, "refused when authorization was asked for"),
    _rule("95", "authorization", "authorization", "appeal", 3000, "the plan's procedures were not followed"),
    _rule("165", "authorization", "authorization", "appeal", 5000, "the referral is missing or used up"),
    _rule("210", "authorization", "authorization", "appeal", 3500, "authorization was asked for too late"),
    _rule("243", "authorization", "authorization", "appeal", 4000, "the primary clinician did not authorize it"),
    _rule("287", "authorization", "authorization", "appeal", 4000, "more was done than the referral covers"),
    _rule("288", "authorization", "authorization", "appeal", 5000, "there is no referral"),
]
_ELIGIBILITY: Final = [
    *_liable(
        "always",
        _rule("26", "eligibility", "eligibility", "new", 4500, "coverage had not begun"),
        _rule("27", "eligibility", "eligibility", "new", 5500, "coverage had ended"),
        _rule("32", "eligibility", "eligibility", "new", 4000, "the dependent is not covered"),
        _rule("33", "eligibility", "eligibility", "new", 4000, "the plan covers no dependents"),
        _rule("34", "eligibility", "eligibility", "new", 4000, "the plan covers no newborns"),
        _rule("177", "eligibility", "eligibility", "new", 4000, "the patient did not qualify for coverage"),
        _rule("200", "eligibility", "eligibility", "new", 4500, "coverage had lapsed"),
    ),
    *_liable(
        "by_group",
        _rule("31", "eligibility", "registration", "new", 7000, "the payer does not know the patient as its member"),
        _rule("140", "eligibility", "registration", "new", 8500, "member number and name do not match"),
        _rule("141", "eligibility", "eligibility", "correct", 6000, "the claim spans days with and without coverage"),
        _rule("239", "eligibility", "eligibility", "correct", 7000, "covered and uncovered days must be billed apart"),
        _rule("238", "eligibility", "eligibility", "bill_patient", 1500, "the part for days without coverage"),
        _rule("178", "eligibility", "eligibility", "bill_patient", 2000, "the spend-down is not met"),
        _rule("179", "eligibility", "eligibility", "bill_patient", 2000, "the waiting period is not over"),
        _rule("242", "eligibility", "eligibility", "appeal", 3000, "the provider is not in the patient's network"),
        _rule("279", "eligibility", "eligibility", "appeal", 3000, "the provider is not in the preferred network"),
        _rule(
            "277", "eligibility", "eligibility", "appeal", 3000, "premium unpaid: the plan waits out the grace period"
        ),
        _rule("258", "eligibility", "registration", "new", 3000, "in custody: an authority may be responsible"),
    ),
    _rule("13", "eligibility", "registration", "correct", 4000, "the service is dated after the death on file"),
    _rule("14", "eligibility", "registration", "correct", 8500, "the service is dated before the birth on file"),
]
_PAYER: Final = [
    _rule("109", "wrong_payer", "eligibility", "new", 8500, "another payer is responsible"),
    _rule("166", "wrong_payer", "eligibility", "new", 7000, "this payer no longer administers the plan"),
    _rule("168", "wrong_payer", "registration", "new", 5000, "belongs to the patient's medical, not dental, plan"),
    _rule("19", "wrong_payer", "registration", "new", 6000, "a work injury: the employer's insurer pays"),
    _rule("20", "wrong_payer", "registration", "new", 5000, "a liability insurer pays"),
    _rule("21", "wrong_payer", "registration", "new", 6000, "the no-fault insurer pays"),
    _rule("191", "wrong_payer", "registration", "new", 6000, "no work injury: the health plan pays"),
    _rule("254", "wrong_payer", "registration", "new", 6000, "belongs to the medical plan"),
    _rule("270", "wrong_payer", "registration", "new", 5000, "belongs to the dental plan"),
    _rule("280", "wrong_payer", "registration", "new", 5000, "belongs to the pharmacy plan"),
    _rule("297", "wrong_payer", "registration", "new", 5000, "belongs to the vision plan"),
    _rule("301", "wrong_payer", "registration", "new", 6000, "belongs to the behavioral health plan"),
    _rule("B9", "wrong_payer", "registration", "correct", 6000, "in hospice: bill it unless unrelated and so marked"),
    _rule("B11", "wrong_payer", "eligibility", "new", 7000, "the claim was passed to the proper payer"),
    _rule("22", "coordination", "eligibility", "new", 8000, "another payer comes first"),
    _rule("129", "coordination", "claim", "correct", 7000, "what was said of the prior payer seems wrong"),
    _rule("136", "coordination", "eligibility", "appeal", 2000, "a prior payer's procedures were not followed"),
    *_liable(
        "by_group",
        _rule("275", "coordination", "payer", "bill_patient", 2000, "the prior payer's patient share is not covered"),
        _rule("276", "coordination", "payer", "bill_patient", 2000, "refused by the prior payer, so not covered here"),
        _rule("100", "other", "payer", "bill_patient", 9000, "the payer paid the patient"),
        _rule("227", "information", "registration", "bill_patient", 6000, "the patient did not answer the payer"),
    ),
    _rule("45", "payer_error", "payer", "appeal", 6000, "above the fee, but called the patient's: check the contract"),
    _rule("147", "payer_error", "payer", "appeal", 6000, "the payer finds no rate on file"),
    _rule("193", "other", "payer", "appeal", 2000, "reviewed, and the decision stands"),
]
_TIMELY: Final = [
    _with(
        _rule("29", "timely_filing", "claim", "write_off", 500, "Medicare: no initial determination, no appeal"),
        remarks=("N211",),
        appealable=False,
    ),
    _with(
        _rule("29", "timely_filing", "claim", "write_off", 500, "Medicare: only an exception can be asked for"),
        payer_kinds=("medicare",),
        appealable=False,
    ),
    _with(
        _rule("29", "timely_filing", "claim", "write_off", 500, "filed late, and nothing proves otherwise"), proof=False
    ),
    _with(
        _rule("29", "timely_filing", "claim", "appeal", 9000, "the payer itself had accepted it in time"), proof=True
    ),
    _with(
        _rule("138", "timely_filing", "payer", "write_off", 500, "the appeal came late or wrongly"), appealable=False
    ),
    _rule("285", "timely_filing", "payer", "appeal", 1500, "the appeal did not follow the procedure"),
    _with(_rule("286", "timely_filing", "payer", "write_off", 500, "the appeal came late"), appealable=False),
]
_INFORMATION: Final = [
    _rule("16", "information", "claim", "correct", 8500, "information is missing or wrong; the remark names it"),
    _with(
        _rule("16", "information", "claim", "new", 8500, "unprocessable: no appeal rights, send it as new"),
        remarks=("MA130",),
        appealable=False,
    ),
    _rule("107", "information", "claim", "correct", 6000, "the claim that qualifies this one was not found"),
    _rule("110", "information", "claim", "correct", 9000, "billed before the day of service"),
    _rule("112", "information", "coding", "appeal", 4000, "not documented as furnished"),
    _rule("135", "information", "claim", "correct", 7500, "this payer takes no interim bills"),
    _rule("148", "information", "claim", "appeal", 5000, "another provider's information is missing"),
    _rule("163", "information", "claim", "appeal", 7000, "an attachment did not arrive: send it"),
    _rule("164", "information", "claim", "appeal", 5000, "an attachment arrived late"),
    _rule("226", "information", "claim", "appeal", 5000, "records asked for did not come or were incomplete"),
    _rule("250", "information", "claim", "appeal", 7500, "the wrong record was sent: send the right one"),
    _rule("251", "information", "claim", "appeal", 7500, "the record sent was incomplete: send the rest"),
    _rule("252", "information", "claim", "appeal", 7500, "records are wanted: send them"),
    _rule("267", "information", "claim", "correct", 9000, "the claim spans months: bill them apart"),
    _rule("268", "information", "claim", "correct", 9000, "the claim spans years: bill them apart"),
    _rule("B12", "information", "coding", "appeal", 3500, "not found in the patient's record"),
]
_NECESSITY: Final = [
    _rule("50", "necessity", "coding", "appeal", 5000, "not found necessary: appeal with the record"),
    _with(
        _rule("50", "necessity", "coding", "bill_patient", 3000, "not necessary, and the patient agreed to pay"),
        groups=("PR",),
        patient="by_group",
    ),
    _rule("40", "necessity", "payer", "appeal", 4500, "not found urgent"),
    _rule("55", "necessity", "authorization", "appeal", 2500, "held to be experimental"),
    _rule("56", "necessity", "authorization", "appeal", 2500, "held to be unproven"),
    _rule("116", "necessity", "registration", "write_off", 1000, "the notice that the patient signed was not valid"),
    _rule("152", "necessity", "coding", "appeal", 4000, "the record does not show this length of service"),
    _rule("153", "necessity", "coding", "appeal", 4000, "the record does not show this dosage"),
    _rule("186", "necessity", "authorization", "appeal", 3500, "the payer lowered the level of care"),
    _rule("216", "necessity", "payer", "appeal", 3500, "a review found against it"),
    _rule("272", "necessity", "coding", "appeal", 4000, "coverage guidelines were not met"),
    _rule("B5", "necessity", "coding", "appeal", 4000, "coverage guidelines were not met or exceeded"),
    _rule("B8", "necessity", "payer", "appeal", 3000, "an alternative was available"),
]
_COVERAGE: Final = [
    _rule("151", "limit", "coding", "correct", 4000, "more units or visits than the record supports"),
    _rule("222", "limit", "coding", "accept", 1500, "more units than the contract allows the provider"),
    _rule("273", "limit", "coding", "appeal", 3000, "coverage guidelines were exceeded"),
    *_liable(
        "by_group",
        _rule("35", "limit", "eligibility", "bill_patient", 1000, "the lifetime benefit is used up"),
        _rule("119", "limit", "eligibility", "bill_patient", 1000, "the benefit of the period is used up"),
        _rule("149", "limit", "eligibility", "bill_patient", 1000, "the lifetime benefit of this service is used up"),
        _rule("B1", "limit", "eligibility", "bill_patient", 1000, "visits beyond what is covered"),
        _rule("49", "non_covered", "coding", "bill_patient", 1500, "a routine examination, not covered"),
        _rule("51", "non_covered", "eligibility", "bill_patient", 2500, "held to be pre-existing"),
        _rule("96", "non_covered", "eligibility", "bill_patient", 1500, "not covered"),
        _rule("202", "non_covered", "eligibility", "bill_patient", 1000, "a comfort or convenience service"),
        _rule("204", "non_covered", "eligibility", "bill_patient", 1000, "not covered by the patient's plan"),
        _rule("167", "non_covered", "coding", "correct", 4000, "the diagnosis is not covered"),
    ),
    _rule("114", "non_covered", "coding", "appeal", 2000, "the product is not approved"),
    _rule("233", "non_covered", "payer", "accept", 0, "caused by an error that no payer pays for"),
    _rule("256", "non_covered", "payer", "appeal", 2500, "not payable under the contract"),
]
_ENROLLMENT: Final = [
    _rule("B7", "enrollment", "enrollment", "reopening", 6500, "the provider was not enrolled on the day"),
    _rule("B6", "enrollment", "enrollment", "appeal", 3000, "not paid to this type of provider"),
    _rule("B23", "enrollment", "enrollment", "correct", 7000, "the laboratory certificate does not cover the test"),
    _rule("8", "enrollment", "enrollment", "correct", 5000, "the procedure does not fit the provider's specialty"),
    _rule("12", "enrollment", "enrollment", "correct", 5000, "the diagnosis does not fit the provider's specialty"),
    _rule("52", "enrollment", "enrollment", "correct", 5000, "the provider may not order or perform it"),
    _rule("170", "enrollment", "enrollment", "appeal", 3000, "not paid to this type of provider"),
    _rule("171", "enrollment", "enrollment", "appeal", 3000, "not paid to this type of provider in this place"),
    _rule("172", "enrollment", "enrollment", "appeal", 3000, "adjusted for the provider's specialty"),
    _rule("183", "enrollment", "enrollment", "correct", 6000, "the referring provider may not refer it"),
    _rule("184", "enrollment", "enrollment", "correct", 6000, "the ordering provider may not order it"),
    _rule("185", "enrollment", "enrollment", "reopening", 6000, "the rendering provider may not perform it"),
    _rule("206", "enrollment", "claim", "correct", 9000, "a provider number is missing"),
    _rule("207", "enrollment", "claim", "correct", 9000, "a provider number is malformed"),
    _rule("208", "enrollment", "enrollment", "correct", 8500, "a provider number does not match the payer's file"),
    _rule("299", "enrollment", "enrollment", "reopening", 6000, "the payee is not eligible to be paid"),
]
_DUPLICATE: Final = [
    _rule("B13", "duplicate", "claim", "appeal", 2000, "the payer believes it paid before"),
    _rule("18", "duplicate", "claim", "none", 0, "a second copy: nothing was decided"),
]
_NO_REFUSAL: Final = [
    _rule(carc, "other", "payer", "none", 0, why)
    for carc, why in {
        "1": "deductible",
        "2": "coinsurance",
        "3": "copay",
        "23": "what prior payers did, restated",
        "24": "capitated",
        "59": "multiple-procedure rule",
        "66": "blood deductible",
        "94": "processed in excess of charges",
        "104": "withheld under managed care",
        "131": "negotiated discount",
        "144": "incentive",
        "161": "performance bonus",
        "187": "paid from a spending account",
        "237": "regulatory penalty",
        "246": "reported only",
        "253": "sequestration",
    }.items()
] + [_with(_rule("45", "other", "payer", "none", 0, "above the contract's fee"), groups=("CO", "PI", "OA"))]

OTHERWISE: Final = _with(
    _rule("", "other", "payer", "appeal", 3000, "no rule for this code yet: read the remark and the payer's policy"),
    patient="by_group",
)

POLICY: Final = Policy(
    [
        *_CODING,
        *_BUNDLING,
        *_AUTHORIZATION,
        *_ELIGIBILITY,
        *_PAYER,
        *_TIMELY,
        *_INFORMATION,
        *_NECESSITY,
        *_COVERAGE,
        *_ENROLLMENT,
        *_DUPLICATE,
        *_NO_REFUSAL,
    ],
    OTHERWISE,
)
