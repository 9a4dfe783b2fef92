"""Whatever comes in ends in findings, in linear time and bounded memory."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from revcycle_x12 import Limits, read, rewrite
from revcycle_x12.remittance import Remittance
from revcycle_x12.validate import validate

ISA = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260106*1200*^*00501*000000007*0*T*:~"
GROUP = b"GS*HC*A*B*20260106*1200*7*X*005010X222A1~"
SET = b"ST*837*0001*005010X222A1~BHT*0019*00*B1*20260106*1200*CH~"

SHAPES: dict[str, Callable[[int], bytes]] = {
    "no terminator": lambda size: ISA + b"A" * size,
    "no terminator at all": lambda size: ISA.rstrip(b"~") + b"x" * size,
    "separators only": lambda size: ISA + b"*" * size,
    "terminators only": lambda size: ISA + b"~" * size,
    "blank lines": lambda size: ISA + b"~\n" * (size // 2),
    "unknown segments": lambda size: ISA + GROUP + SET + b"ZZZ*1~" * (size // 6),
    "nested levels": lambda size: ISA + GROUP + SET + b"HL*1*1*22*1~" * (size // 12),
    "one endless claim": lambda size: ISA + GROUP + SET + b"CLM*A*1~" + b"LX*1~SV1*HC:G0463*1~" * (size // 20),
    "deep repetition": lambda size: ISA + GROUP + SET + b"CLM*" + b"A^" * (size // 2) + b"~",
    "deep composite": lambda size: ISA + GROUP + SET + b"CLM*A*1***" + b"1:" * (size // 2) + b"~",
    "interchange heads": lambda size: ISA * (size // len(ISA)),
    "bogus heads": lambda size: b"ISA" * (size // 3),
    "group heads": lambda size: ISA + GROUP * (size // len(GROUP)),
    "set heads": lambda size: ISA + GROUP + b"ST*837*1~" * (size // 9),
    "set ends": lambda size: ISA + GROUP + b"SE*1*1~" * (size // 7),
    "nulls": lambda size: ISA + b"\0" * size,
    "noise": lambda size: random.Random(1).randbytes(size),  # noqa: S311 (noise, not a secret)
    "noise in a claim": lambda size: ISA + GROUP + SET + random.Random(2).randbytes(size),  # noqa: S311
}


def seconds(data: bytes) -> float:
    start = time.process_time()
    validate(data)
    list(rewrite(data))
    return time.process_time() - start


@pytest.mark.parametrize("shape", SHAPES)
def test_it_ends_in_findings(shape: str) -> None:
    report = validate(SHAPES[shape](100_000))

    assert not report.ok
    assert report.findings


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_input_takes_about_four_times_the_time(shape: str) -> None:
    """Quadratic work would take sixteen times as long; what is too quick to measure is fine."""
    small, large = SHAPES[shape](60_000), SHAPES[shape](240_000)

    quick = min(seconds(small) for _ in range(2))
    slow = min(seconds(large) for _ in range(2))

    assert slow < 9 * quick + 0.2


def test_a_million_segments_pass_through() -> None:
    def blocks() -> Iterator[bytes]:
        yield ISA + GROUP + SET
        for _ in range(1000):
            yield b"REF*G1*A~" * 1000

    reader = read(blocks(), limits=Limits(findings_max=100))
    for transaction in reader:
        transaction.skip()

    assert 100 >= len(reader.findings) > 0


def test_memory_does_not_grow_with_the_file(remittance_file: Callable[..., str]) -> None:
    text = remittance_file()
    start, end = text.index("CLP*"), text.index("SE*")
    head, claim = text[:start].encode(), text[start:end].encode()

    def peak(claims: int) -> int:
        def blocks() -> Iterator[bytes]:
            yield head
            for _ in range(claims // 100):
                yield claim * 100

        tracemalloc.start()
        for remittance in Remittance.read(blocks()):
            assert claims == sum(1 for _ in remittance.claims)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    assert peak(4_000) < peak(1_000) + 2_000_000


def test_findings_are_bounded(claim_file: Callable[..., str]) -> None:
    broken = claim_file().replace("ST*837", "XXX*1~\n" * 500 + "ST*837")

    report = validate(broken.encode(), limits=Limits(findings_max=50))

    assert (50, 450) == (len(report.findings), report.lost)


def test_reading_never_raises_on_damaged_files(
    claim_file: Callable[..., str], remittance_file: Callable[..., str]
) -> None:
    """Bytes of sound files are changed, dropped and doubled at random places."""
    draw = random.Random(7)  # noqa: S311 (damage, not a secret)
    for text in (claim_file(), remittance_file()):
        data = text.encode()
        for _ in range(300):
            broken = bytearray(data)
            for _ in range(draw.randrange(1, 6)):
                at = draw.randrange(len(broken))
                broken[at : at + draw.randrange(3)] = draw.choice([b"", b"~", b"*", b":", b"\xff", b"ISA", b"SE*1*1~"])
            validate(bytes(broken))
            for transaction in read(bytes(broken)):
                transaction.tree()
