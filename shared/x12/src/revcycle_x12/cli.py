"""The commands of this library: show, validate, json, ack. `python -m revcycle_x12` runs them."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from revcycle_x12._output.as_json import json_lines
from revcycle_x12._output.as_text import readable, text_lines
from revcycle_x12._reading.reader import Reader
from revcycle_x12._syntax.errors import X12Error
from revcycle_x12._syntax.findings import Finding
from revcycle_x12.acknowledge.answers import answer_file
from revcycle_x12.validate import Report
from revcycle_x12.validate import validate as validate_source

_BLOCK_BYTES = 1 << 18
_LONG_BYTES = 4 << 20
_NO_X12 = "no ISA segment: this is not an X12 interchange"


def show(files: Sequence[str], out: TextIO) -> int:
    """Print each file as a tree of envelopes, loops and segments. Exit status 1 where one cannot be read."""
    return _each(files, lambda name: _show(name, out))


def to_json(files: Sequence[str], out: TextIO) -> int:
    """Print each file as one JSON document. Exit status 1 where one cannot be read."""
    return _each(files, lambda name: _to_json(name, out))


def validate(files: Sequence[str], snip: int, as_json: bool, out: TextIO) -> int:  # noqa: FBT001 (the order is agreed with whoever mounts it)
    """Print what is wrong with each file, by SNIP types 1 to `snip`. Exit status 1 where anything is an error."""
    return _each(files, lambda name: _validate(name, snip, out, as_json=as_json), _unreadable(out) if as_json else None)


def ack(files: Sequence[str], out: TextIO, now: datetime | None = None) -> int:
    """Print the acknowledgments of each file: TA1, 999, and 277CA for claims. Exit status 1 where it has an error."""
    at = now or datetime.now(UTC)
    return _each(files, lambda name: _ack(name, out, at))


def _each(
    files: Sequence[str], run: Callable[[str], bool], unreadable: Callable[[str, str], None] | None = None
) -> int:
    """Run one command on every file; a file that cannot be read does not keep the others from being read."""
    status = 0
    for name in files:
        try:
            status |= not run(name)
        except (OSError, X12Error) as problem:
            if isinstance(problem, BrokenPipeError):
                raise
            reason = problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem)
            sys.stderr.write(f"{name}: {reason}\n")
            if unreadable is not None:
                unreadable(name, reason)
            status = 1
    return status


def _show(name: str, out: TextIO) -> bool:
    reader = Reader(_blocks(name))
    out.write(f"{readable(name)}\n")
    out.writelines(f"{line}\n" for line in text_lines(reader))
    return _was_x12(name, reader)


def _to_json(name: str, out: TextIO) -> bool:
    reader = Reader(_blocks(name))
    out.writelines(f"{part}\n" for part in json_lines(name, reader) if part)
    return _was_x12(name, reader)


def _was_x12(name: str, reader: Reader) -> bool:
    if not reader.interchange_count:
        sys.stderr.write(f"{name}: {_NO_X12}\n")
    return reader.interchange_count > 0


def _validate(name: str, snip: int, out: TextIO, *, as_json: bool) -> bool:
    report = validate_source(_blocks(name), snip=snip)
    if as_json:
        out.write(json.dumps(_as_object(name, report), ensure_ascii=False) + "\n")
    else:
        out.writelines(f"{line}\n" for line in _as_lines(name, report))
    return report.ok


def _as_object(name: str, report: Report) -> dict[str, Any]:
    return {
        "file": readable(name),
        "ok": report.ok,
        "not_validated": report.not_validated,
        "interchanges": report.interchanges,
        "transactions": [
            {"set": result.set_id, "guide": result.guide, "validated": result.validated, "ok": result.ok}
            for result in report.transactions
        ],
        "findings": [_finding(finding) for finding in _findings(report)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "snip": int(finding.snip),
        "severity": str(finding.severity),
        "code": finding.code,
        "segment": finding.position.segment,
        "line": finding.position.line,
        "loop": finding.loop,
        "element": finding.element,
        "message": readable(finding.message),
        "fix": finding.fix,
    }


def _unreadable(out: TextIO) -> Callable[[str, str], None]:
    """Give what prints the object of a file that could not be read."""

    def print_object(name: str, reason: str) -> None:
        finding = _finding(Finding("file-unreadable", reason))
        document = {
            "file": readable(name),
            "ok": False,
            "not_validated": 0,
            "interchanges": 0,
            "transactions": [],
            "findings": [finding],
        }
        out.write(json.dumps(document, ensure_ascii=False) + "\n")

    return print_object


def _as_lines(name: str, report: Report) -> Iterator[str]:
    findings = _findings(report)
    counts = [
        _count(report.interchanges, "interchange"),
        _count(len(report.transactions), "transaction"),
        _count(sum(finding.is_error for finding in findings), "error"),
        _count(sum(not finding.is_error for finding in findings), "warning"),
    ]
    yield readable(f"{name}: {_verdict(report)}, {', '.join(counts)}")
    for finding in findings:
        yield readable("  " + _line(finding))
    if report.lost:
        yield f"  and {report.lost} more findings"


def _verdict(report: Report) -> str:
    if report.errors == 0 and report.not_validated:
        return "not validated"
    return "ok" if report.ok else "faulty"


def _findings(report: Report) -> list[Finding]:
    """Give the findings; a source without any interchange, and without any other fault, gets one that says so."""
    if report.interchanges or report.findings:
        return report.findings
    return [Finding("no-interchange", _NO_X12)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _line(finding: Finding) -> str:
    at = finding.position
    place = " ".join(
        part
        for part in (
            f"line {at.line}" if at.line else "",
            f"segment {at.segment}" if at.segment else "",
            finding.loop,
            finding.element,
        )
        if part
    )
    fix = f"; {finding.fix}" if finding.fix else ""
    return f"{finding.severity} {int(finding.snip)} {finding.code} at {place or 'the file'}: {finding.message}{fix}"


def _ack(name: str, out: TextIO, now: datetime) -> bool:
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    answers, accepted = answer_file(data, now)
    out.write(readable(answers.decode("utf-8", "surrogateescape")))
    if not answers:
        sys.stderr.write(f"{name}: {_NO_X12}\n")
    return accepted and bool(answers)


def _blocks(name: str) -> Iterator[bytes]:
    """Give the blocks of a file (`-` is standard input), telling a person at a terminal how far it is."""
    if name == "-":
        yield from iter(lambda: sys.stdin.buffer.read(_BLOCK_BYTES), b"")
        return
    with Path(name).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        telling = size > _LONG_BYTES and sys.stderr.isatty()
        done = 0
        while block := file.read(_BLOCK_BYTES):
            yield block
            done += len(block)
            if telling:
                sys.stderr.write(f"\r{name}: {min(100 * done // size, 100)} %")
                sys.stderr.flush()
        if telling:
            sys.stderr.write("\r\x1b[K")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m revcycle_x12", description="Read, check and answer X12 files.")
    commands = parser.add_subparsers(dest="command", required=True)
    helps = {
        "show": "print a readable tree",
        "validate": "print what is wrong",
        "json": "print the content as JSON",
        "ack": "print the acknowledgments (TA1, 999, 277CA)",
    }
    for name, text in helps.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
        if name == "validate":
            command.add_argument("--snip", type=int, choices=range(1, 6), default=5, help="highest SNIP type to check")
            command.add_argument("--json", action="store_true", help="one JSON object a file")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    chosen = _parser().parse_args(arguments)
    commands: dict[str, Callable[[], int]] = {
        "show": lambda: show(chosen.files, sys.stdout),
        "json": lambda: to_json(chosen.files, sys.stdout),
        "ack": lambda: ack(chosen.files, sys.stdout),
        "validate": lambda: validate(chosen.files, chosen.snip, chosen.json, sys.stdout),
    }
    try:
        status = commands[chosen.command]()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


__all__ = [
    "ack",
    "main",
    "show",
    "to_json",
    "validate",
]
