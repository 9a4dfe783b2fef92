"""
One measurement in a process of its own: `python -m bench.x12_child TASK KIND WARM-UP-PATH PATH`.

Does the task on the small file first, so that what is compiled once is not
measured, then on the other. Prints a JSON object: seconds of processor time, of
the wall clock, bytes, claims, and the peak of memory in MB, first after the
imports (`base_mb`) and then at the end (`peak_mb`). It runs in the
environments of the peers too, so that nothing but the standard library is
imported before the task is known.
"""

import gc
import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_CLAIM = {"835": b"~CLP*", "837": b"~CLM*"}


def peak_mb() -> float:
    """Peak resident memory of this process since it began."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    usage = import_module("resource").getrusage(import_module("resource").RUSAGE_SELF).ru_maxrss
    return float(usage) / (1024 * 1024 if sys.platform == "darwin" else 1024)


def floor_kept(path: str, kind: str) -> Callable[[], int]:
    """Split into lists of elements, and keep them all: no reader that keeps a tree can be faster."""

    def run() -> int:
        segments = [segment.split(b"*") for segment in Path(path).read_bytes().split(b"~")]
        wanted = _CLAIM[kind][1:4]
        return sum(segment[0] == wanted for segment in segments)

    return run


def floor_streamed(path: str, kind: str) -> Callable[[], int]:
    """Split block by block, and keep nothing: no streaming reader can be faster."""

    def run() -> int:
        rest, count, wanted = b"", 0, _CLAIM[kind][1:4]
        with Path(path).open("rb") as file:
            while block := file.read(1 << 18):
                segments = (rest + block).split(b"~")
                rest = segments.pop()
                for segment in segments:
                    count += segment.split(b"*")[0] == wanted
        return count

    return run


def ours_read(path: str, kind: str) -> Callable[[], int]:
    """Stream typed objects and read every field a biller posts or bills by."""
    from revcycle_x12.professional import ProfessionalClaims  # noqa: PLC0415
    from revcycle_x12.remittance import Remittance  # noqa: PLC0415

    return (
        (lambda: _read_payments(Remittance.read(path)))
        if kind == "835"
        else (lambda: _read_claims(ProfessionalClaims.read(path)))
    )


def ours_validated(path: str, kind: str) -> Callable[[], int]:
    """Do the same with findings of SNIP types 1 to 5. The files are sound: a finding is a fault of ours."""
    from revcycle_x12.professional import ProfessionalClaims  # noqa: PLC0415
    from revcycle_x12.remittance import Remittance  # noqa: PLC0415
    from revcycle_x12.validate import Validation  # noqa: PLC0415

    def run() -> int:
        watch = Validation(snip=5)
        if kind == "835":
            count = _read_payments(Remittance.read(path, watch=watch))
        else:
            count = _read_claims(ProfessionalClaims.read(path, watch=watch))
        faults = sum(result.errors for result in watch.results)
        if faults or not watch.results:
            raise SystemExit(f"{faults} errors found in a sound file")
        return count

    return run


def ours_write(_path: str, kind: str) -> Callable[[], int]:
    """Write objects that stand built, to nowhere; the clock runs while writing only."""
    from bench.x12_files import CLAIMS_PER_SET, transaction  # noqa: PLC0415
    from revcycle_x12 import Envelope, write  # noqa: PLC0415

    size = Path(_path).stat().st_size
    envelope = Envelope(sender_id="AA", receiver_id="BB", control_number=1, created_at=_midnight(), is_test=True)

    def run() -> int:
        written = count = seed = 0
        while written < size:
            claims = min(CLAIMS_PER_SET, max(1, (size - written) // 620))
            built = transaction(kind, claims, seed)
            with clock:
                written += len(write(envelope, [built]))
            count, seed = count + claims, seed + 1
        clock.bytes = written
        return count

    return run


def _midnight() -> Any:
    return import_module("datetime").datetime(2026, 1, 1)


def _read_payments(remittances: Any) -> int:
    count = 0
    for era in remittances:
        for payment in era.claims:
            count += 1
            _ = payment.control_number, payment.status, payment.charge_cents, payment.paid_cents
            _ = payment.payer_control_number, payment.patient_last_name, payment.patient_id, payment.adjustments
            _ = payment.rendering_npi, payment.received_on, payment.remark_codes
            for line in payment.service_lines:
                _ = line.procedure, line.charge_cents, line.paid_cents, line.adjustments, line.served_on
                _ = line.control_number, line.allowed_cents, line.remark_codes
        _ = era.paid_cents, era.trace_number, era.provider_adjustments
    return count


def _read_claims(batches: Any) -> int:
    count = 0
    for batch in batches:
        _ = batch.reference, batch.created_at
        for claim in batch.claims:
            count += 1
            _ = claim.control_number, claim.charge_cents, claim.frequency, claim.place_of_service, claim.diagnoses
            person, rendering = claim.subscriber.person, claim.rendering_provider
            _ = person.last_name, person.id, person.born_on, person.postal_code, claim.billing_provider.npi
            _ = rendering.id if rendering is not None else ""
            for line in claim.service_lines:
                _ = line.procedure, line.charge_cents, line.quantity, line.served_on, line.diagnosis_pointers
                _ = line.control_number
    return count


def pyx12_segments(path: str, kind: str) -> Callable[[], int]:
    """X12Reader of pyx12: segments and envelope counts; no guide."""
    reader, wanted = import_module("pyx12.x12file").X12Reader, _CLAIM[kind][1:4].decode()
    return lambda: sum(segment.get_seg_id() == wanted for segment in reader(path))


def pyx12_validated(path: str, kind: str) -> Callable[[], int]:
    """x12n_document of pyx12: validation against the guide; no objects."""
    log = logging.getLogger("pyx12")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    params = import_module("pyx12.params").params()
    document = import_module("pyx12.x12n_document").x12n_document

    def run() -> int:
        if not document(param=params, src_file=path, fd_997=io.StringIO(), fd_html=None, fd_xmldoc=None):
            raise SystemExit("pyx12 refused the file")
        return Path(path).read_bytes().count(_CLAIM[kind])

    return run


def linuxforhealth_models(path: str, kind: str) -> Callable[[], int]:
    """X12ModelReader of linuxforhealth-x12: guide models with some checks. PER*BL is taken out, which it refuses."""
    os.environ.setdefault("X12_CHARACTER_SET", "EXTENDED")
    reader_of = import_module("linuxforhealth.x12.io").X12ModelReader
    source = Path(path)
    if kind == "835":
        source = Path(path + ".lfh")
        _without_contact(Path(path), source)

    def run() -> int:
        with reader_of(str(source)) as reader:
            models = sum(1 for _ in reader.models())
        return source.read_bytes().count(_CLAIM[kind]) if models else 0

    return run


def _without_contact(path: Path, target: Path) -> None:
    re = import_module("re")
    sets = re.split(rb"(?=ST\*835)", path.read_bytes())
    kept = [re.sub(rb"PER\*BL[^~]*~", b"", part) for part in sets]
    counted = [re.sub(rb"SE\*(\d+)", lambda found: b"SE*%d" % (int(found[1]) - 1), part) for part in kept]
    target.write_bytes(b"".join(counted))


def edi_835_parser(path: str, _kind: str) -> Callable[[], int]:
    """parse() of edi-835-parser: objects; no validation."""
    parse = import_module("edi_835_parser").parse
    return lambda: int(parse(path).count_claims())


class Clock:
    """Adds up the seconds it is running: of the processor, which others cannot take from us, and of the wall clock."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.seconds = self.wall_seconds = self._since = self._wall_since = 0.0
        self.bytes = 0

    def __enter__(self) -> None:
        self._since, self._wall_since = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.process_time() - self._since
        self.wall_seconds += time.perf_counter() - self._wall_since


clock = Clock()
TASKS: dict[str, Callable[[str, str], Callable[[], int]]] = {
    "floor-kept": floor_kept,
    "floor-streamed": floor_streamed,
    "ours-read": ours_read,
    "ours-validated": ours_validated,
    "ours-write": ours_write,
    "pyx12-segments": pyx12_segments,
    "pyx12-validated": pyx12_validated,
    "linuxforhealth-models": linuxforhealth_models,
    "edi-835-parser": edi_835_parser,
}


def main(task: str, kind: str, warm_up: str, path: str) -> None:
    """Run one task once and print what it took."""
    warm, run = TASKS[task](warm_up, kind), TASKS[task](path, kind)
    gc.collect()
    base = peak_mb()
    warm()
    clock.reset()
    if task == "ours-write":
        claims = run()
    else:
        clock.bytes = Path(path).stat().st_size
        with clock:
            claims = run()
    found = {
        "seconds": clock.seconds,
        "wall_seconds": clock.wall_seconds,
        "bytes": clock.bytes,
        "claims": claims,
        "base_mb": base,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
