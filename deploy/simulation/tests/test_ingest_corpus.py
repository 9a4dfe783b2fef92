"""The main job on real input: every file and every encounter of the corpus is accounted for."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from revcycle_simulation.database_pool import opened_database_pool
from revcycle_simulation.ingest import IngestOptions, ingest_into, scenario_for
from revcycle_simulation.setup import set_up

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
    async with opened_database_pool() as pool, pool.databases() as databases:
        asked = IngestOptions(folders, play=True)
        async with set_up(replace(scenario_for(asked), databases=databases)) as setup:
            report = await ingest_into(setup, asked, lambda _word, _done: None)
    there = sum(1 for folder in folders for path in folder.rglob("*") if path.is_file())
    assert there == report.files == len({message.path for message in report.taken})
    assert report.sound, (report.vanished, report.invariants)
    assert all(message.reasons for message in report.taken if message.fate in {"refused", "held"})
    assert set(report.outcomes()) <= ENDED
    assert all(ending.reason for ending in report.endings)
    assert report.outcomes()["waiting_for_codes"] > len(report.endings) // 2
