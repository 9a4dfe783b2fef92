"""Real input: every public sample is accounted for, none crashes, and quickly."""

import os
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from eligibility.intake import Scope, pieces_of, read

ROOT = Path(__file__).parents[4]
CORPUS = Path(os.environ.get("REVCYCLE_CORPUS", ROOT.parent / "shared" / "corpus"))
SCOPE = Scope(UUID(int=10))

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus: set REVCYCLE_CORPUS")


@pytest.mark.parametrize(("folder", "pattern"), [("hl7v2", "*/*.hl7"), ("fhir", "*/*/*.json")])
def test_every_file_is_accounted_for(folder: str, pattern: str) -> None:
    began, outcomes = time.perf_counter(), Counter[str]()
    files = sorted((CORPUS / folder).glob(pattern))
    for file in files:
        for piece in pieces_of(file.read_bytes()):
            reading = read(piece, SCOPE)
            outcomes[reading.outcome] += 1
            assert reading.facts or reading.gaps or reading.refusals, file.name
            assert all(gap.what and gap.where and gap.fix for gap in reading.gaps)
            assert all(refusal.problem and refusal.fix for refusal in reading.refusals)
    assert outcomes.total() >= len(files) > 100
    assert outcomes["accepted"] > outcomes.total() / 2
    assert time.perf_counter() - began < 60
