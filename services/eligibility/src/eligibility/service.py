"""The table of contents of eligibility: each thing that can happen, and its handler."""

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
from eligibility.partners.real_time import RealTimeExchange
from eligibility.storage import EligibilityWork, metadata
from revcycle_kit.delivery.service import Service


def build(clearinghouse: Clearinghouse, parties: Parties | None = None) -> Service[EligibilityWork]:
    """Build the service over a clearinghouse; the parties are the names of both ends of its interchanges."""
    exchange = RealTimeExchange(clearinghouse, parties or Parties())
    service = Service("eligibility", EligibilityWork, metadata)
    _directory(service)
    _registration(service)
    _coverages(service, exchange)
    _authorizations(service, exchange)
    return service


def _directory(service: Service[EligibilityWork]) -> None:
    """Clinics, payees, clinicians, payers, enrollments, prices."""
    service.command(commands.EnterClinic, directory.enter_clinic)
    service.command(commands.EnterBillingEntity, directory.enter_billing_entity)
    service.command(commands.EnterProvider, directory.enter_provider)
    service.command(commands.EnterPayer, directory.enter_payer)
    service.command(commands.EnterEnrollment, directory.enter_enrollment)
    service.command(commands.EnterPrices, directory.enter_prices)
    service.local(local.PayerDiscovered, directory.enter_discovered_payer)
    service.local(local.ProviderDiscovered, directory.enter_discovered_provider)


def _registration(service: Service[EligibilityWork]) -> None:
    """Messages, patients, encounters, charges."""
    service.command(commands.ReceiveMessage, intake.receive_message)
    service.command(commands.ReplayMessage, intake.replay_message)
    service.local(local.PatientFacts, patients.apply_patient_facts)
    service.local(local.EncountersHandedOver, patients.adopt_encounters)
    service.local(local.EncounterFacts, encounters.apply_encounter_facts)
    service.local(local.EncounterMoved, encounters.move_encounter)
    service.command(commands.CorrectPatient, encounters.correct_patient)
    service.command(commands.FinishEncounter, encounters.finish_encounter)
    service.command(commands.CancelEncounter, encounters.cancel_encounter)
    service.command(commands.AddCharges, charges.add_charges)
    service.command(commands.SignNotice, notices.sign_notice)
    service.command(commands.ElectSelfPay, notices.elect_self_pay)


def _coverages(service: Service[EligibilityWork], exchange: RealTimeExchange) -> None:
    """Coverages, their verification with payers, and estimates."""
    service.command(commands.AddCoverage, coverages.add_coverage)
    service.command(commands.CorrectCoverage, coverages.correct_coverage)
    service.command(commands.RemoveCoverage, coverages.remove_coverage)
    service.on(consumed.InsurancePresented, coverages.present_insurance)
    service.command(commands.VerifyCoverage, verification.verify_coverage)
    service.effect(
        effects.SendInquiry,
        call=exchange.send_inquiry,
        then=verification.record_response,
        partner=exchange.clearinghouse,
        given_up=verification.give_up_inquiry,
    )
    service.timer(timers.ReverifyCoverage, verification.reverify_coverage)
    service.timer(timers.RetryInquiry, verification.retry_inquiry)
    service.on(consumed.ClaimRejected, verification.reverify_after_rejection)
    service.on(consumed.DenialOpened, verification.reverify_after_denial)
    service.command(commands.PrepareEstimate, estimates.prepare_estimate)


def _authorizations(service: Service[EligibilityWork], exchange: RealTimeExchange) -> None:
    """Prior authorizations."""
    service.command(commands.RequestAuthorization, authorizations.request_authorization)
    service.command(commands.RecordAuthorization, authorizations.record_authorization)
    service.effect(
        effects.SendAuthorizationRequest,
        call=exchange.send_authorization_request,
        then=authorizations.record_decision,
        partner=exchange.clearinghouse,
        given_up=authorizations.give_up_request,
    )
    service.timer(timers.FollowUpAuthorization, authorizations.follow_up_authorization)
