"""Who handles what: the table of contents of eligibility."""

from eligibility import consumed
from eligibility.edi.envelope import Parties
from eligibility.handlers import (
    authorizations,
    charges,
    coverages,
    directory,
    encounters,
    estimates,
    intake,
    notices,
    patients,
    verification,
)
from eligibility.messages import commands, effects, local, timers
from eligibility.partners.clearinghouse import Clearinghouse
from eligibility.partners.inquirer import Inquirer
from eligibility.storage import EligibilityWork, metadata
from revcycle_kit.delivery.service import Service


def build(clearinghouse: Clearinghouse, parties: Parties | None = None) -> Service[EligibilityWork]:
    """Say who handles what."""
    inquirer = Inquirer(clearinghouse, parties or Parties())
    service = Service("eligibility", EligibilityWork, metadata)
    service.command(commands.ReceiveMessage, intake.receive_message)
    service.command(commands.ReplayMessage, intake.replay_message)
    service.local(local.PatientTold, patients.hear_of_patient)
    service.local(local.PatientAbsorbed, patients.absorb_patient)
    service.local(local.EncounterTold, encounters.hear_of_encounter)
    service.local(local.EncounterRekeyed, encounters.rekey_encounter)
    service.effect(effects.AskPayer, call=inquirer.ask_payer, then=verification.record_answer, idempotent=True)
    service.timer(timers.VerifyAgain, verification.verify_again)
    service.timer(timers.RetryInquiry, verification.retry_inquiry)
    service.effect(
        effects.AskAuthorization, call=inquirer.ask_authorization, then=authorizations.record_decision, idempotent=True
    )
    service.timer(timers.AskAuthorizationAgain, authorizations.ask_authorization_again)
    service.command(commands.RequestAuthorization, authorizations.request_authorization)
    service.command(commands.RecordAuthorization, authorizations.record_authorization)
    service.command(commands.PrepareEstimate, estimates.prepare_estimate)
    _directory(service)
    _desk(service)
    return service


def _directory(service: Service[EligibilityWork]) -> None:
    service.command(commands.EnterClinic, directory.enter_clinic)
    service.command(commands.EnterBillingEntity, directory.enter_billing_entity)
    service.command(commands.EnterProvider, directory.enter_provider)
    service.command(commands.EnterPayer, directory.enter_payer)
    service.command(commands.EnterEnrollment, directory.enter_enrollment)
    service.command(commands.EnterPrices, directory.enter_prices)
    service.local(local.PayerMet, directory.meet_payer)
    service.local(local.ProviderMet, directory.meet_provider)


def _desk(service: Service[EligibilityWork]) -> None:
    service.command(commands.AddCoverage, coverages.add_coverage)
    service.command(commands.CorrectCoverage, coverages.correct_coverage)
    service.command(commands.RemoveCoverage, coverages.remove_coverage)
    service.command(commands.CorrectPatient, encounters.correct_patient)
    service.command(commands.VerifyCoverage, verification.verify_coverage)
    service.command(commands.SignNotice, notices.sign_notice)
    service.command(commands.ElectSelfPay, notices.elect_self_pay)
    service.command(commands.AddCharges, charges.add_charges)
    service.command(commands.FinishEncounter, encounters.finish_encounter)
    service.command(commands.CancelEncounter, encounters.cancel_encounter)
    service.on(consumed.InsurancePresented, coverages.present_insurance)
    service.on(consumed.ClaimRejected, verification.learn_of_rejection)
    service.on(consumed.DenialOpened, verification.learn_of_denial)
