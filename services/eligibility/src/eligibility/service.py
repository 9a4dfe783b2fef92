"""Who handles what: the table of contents of eligibility."""

from eligibility import consumed, requests, tasks
from eligibility.edi import Parties
from eligibility.handlers import authorizations, desk, directory, encounters, estimates, intake, patients, verification
from eligibility.inquiries import Inquirer
from eligibility.partners import Clearinghouse
from eligibility.storage import EligibilityWork, metadata
from revcycle_kit.delivery.service import Service


def build(clearinghouse: Clearinghouse, parties: Parties | None = None) -> Service[EligibilityWork]:
    """Say who handles what."""
    inquirer = Inquirer(clearinghouse, parties or Parties())
    service = Service("eligibility", EligibilityWork, metadata)
    service.command(requests.ReceiveMessage, intake.receive_message)
    service.command(requests.ReplayMessage, intake.replay_message)
    service.local(tasks.PatientTold, patients.hear_of_patient)
    service.local(tasks.PatientAbsorbed, patients.absorb_patient)
    service.local(tasks.EncounterTold, encounters.hear_of_encounter)
    service.local(tasks.EncounterRekeyed, encounters.rekey_encounter)
    service.effect(tasks.AskPayer, call=inquirer.ask_payer, then=verification.record_answer, idempotent=True)
    service.timer(tasks.VerifyAgain, verification.verify_again)
    service.timer(tasks.RetryInquiry, verification.retry_inquiry)
    service.effect(
        tasks.AskAuthorization, call=inquirer.ask_authorization, then=authorizations.record_decision, idempotent=True
    )
    service.timer(tasks.AskAuthorizationAgain, authorizations.ask_authorization_again)
    service.command(requests.RequestAuthorization, authorizations.request_authorization)
    service.command(requests.RecordAuthorization, authorizations.record_authorization)
    service.command(requests.PrepareEstimate, estimates.prepare_estimate)
    _directory(service)
    _desk(service)
    return service


def _directory(service: Service[EligibilityWork]) -> None:
    service.command(requests.EnterClinic, directory.enter_clinic)
    service.command(requests.EnterBillingEntity, directory.enter_billing_entity)
    service.command(requests.EnterProvider, directory.enter_provider)
    service.command(requests.EnterPayer, directory.enter_payer)
    service.command(requests.EnterEnrollment, directory.enter_enrollment)
    service.command(requests.EnterPrices, directory.enter_prices)
    service.local(tasks.PayerMet, directory.meet_payer)
    service.local(tasks.ProviderMet, directory.meet_provider)


def _desk(service: Service[EligibilityWork]) -> None:
    service.command(requests.AddCoverage, desk.add_coverage)
    service.command(requests.CorrectCoverage, desk.correct_coverage)
    service.command(requests.RemoveCoverage, desk.remove_coverage)
    service.command(requests.CorrectPatient, desk.correct_patient)
    service.command(requests.VerifyCoverage, desk.verify_coverage)
    service.command(requests.SignNotice, desk.sign_notice)
    service.command(requests.ElectSelfPay, desk.elect_self_pay)
    service.command(requests.AddCharges, desk.add_charges)
    service.command(requests.FinishEncounter, desk.finish_encounter)
    service.command(requests.CancelEncounter, desk.cancel_encounter)
    service.on(consumed.InsurancePresented, desk.present_insurance)
    service.on(consumed.ClaimRejected, desk.learn_of_rejection)
    service.on(consumed.DenialOpened, desk.learn_of_denial)
