"""Payer rules plug in as SNIP type 7; code tables can be replaced."""

from collections.abc import Callable, Iterator

from revcycle_x12 import Chunk, Loop, Snip, Transaction
from revcycle_x12.validate import Fault, Rule, fault, use_codes, validate
from revcycle_x12.validate.codes import verdict


class NoTelehealth:
    """A payer that takes no claims of place of service 10."""

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        head = chunk.loop.elements("CLM")
        if head is not None and head[5].startswith("10"):
            yield fault("no-telehealth", "this payer takes no telehealth", chunk.loop, head, "CLM05-1", snip=Snip.PAYER)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())


def no_telehealth(transaction: Transaction) -> Rule | None:
    return NoTelehealth() if transaction.set_id == "837" else None


def test_a_payers_rule_is_asked_for_every_claim(claim_file: Callable[..., str]) -> None:
    text = claim_file().replace("***11:B", "***10:B")

    report = validate(text.encode(), payer_rules=[no_telehealth])

    [finding] = report.findings
    assert (Snip.PAYER, "no-telehealth", "2300", 19) == (
        finding.snip,
        finding.code,
        finding.loop,
        finding.position.segment,
    )
    assert validate(claim_file().encode(), payer_rules=[no_telehealth]).ok


def test_a_table_given_is_believed() -> None:
    use_codes("taxonomy", {"207Q00000X"})

    assert verdict("taxonomy", "207Q00000X") is None
    assert verdict("taxonomy", "000000000X") is not None
    assert verdict("a set never given", "anything") is None
