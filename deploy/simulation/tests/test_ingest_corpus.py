"""The main job on real input: every file and every encounter of the corpus is accounted for."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from revcycle_simulation.database_pool import opened_playhouse
from revcycle_simulation.ingest import Asked, ingest_into, stage_for
from revcycle_simulation.setup import staged

ROOT = Path(__file__).parents[3]
CORPUS = Path(os.environ.get("REVCYCLE_CORPUS", ROOT.parent / "shared" / "corpus"))
ENDED = {
    "paid",
    "denied",
    "waiting_for_codes",
    "waiting_for_registration",
    "not_billable",
    "not_registered",
    "claim_held",
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}: name one in REVCYCLE_CORPUS")
async def test_every_file_of_the_corpus_is_accounted_for_and_every_encounter_ends() -> None:
    folders = (CORPUS / "hl7v2", CORPUS / "fhir")
    async with opened_playhouse() as playhouse, playhouse.databases() as databases:
        asked = Asked(folders, play=True)
        async with staged(replace(stage_for(asked), databases=databases)) as stage:
            report = await ingest_into(stage, asked, lambda _word, _done: None)
    there = sum(1 for folder in folders for path in folder.rglob("*") if path.is_file())
    assert there == report.files == len({each.path for each in report.taken})
    assert report.sound, (report.vanished, report.invariants)
    assert all(each.reasons for each in report.taken if each.fate in {"refused", "held"})
    assert set(report.outcomes()) <= ENDED
    assert all(each.reason for each in report.endings)
    assert report.outcomes()["waiting_for_codes"] > len(report.endings) // 2
