"""Citations against tests/gold/citations.jsonl: places named as written, and the draft's section they lie in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.classify.model import TopicModel, build_model
from services.classify.steps.citing.cites import cites
from services.classify.steps.view import view
from shared import draft_text
from shared.consultation_yaml import draft_path
from shared.consultation_yaml import load as load_consultation
from tests.unit.services.classify.gold.scoring import Case, Score, faults, load

DEFINITION = Path(__file__).resolve().parents[5] / "consultations" / "dien-bien-2025.yaml"
CASES = load("citations")
LEAST = 0.97
KEYS = frozenset("phan chuong muc tieumuc dieu khoan diem trang dong doan gach phuluc bieu loinoidau".split())  # noqa: SIM905

Found = dict[str, Any]


@pytest.fixture(scope="module")
def model() -> TopicModel:
    """The model of the consultation that the gold sections belong to, with its draft's text."""
    consultation = load_consultation(DEFINITION)
    texts = {
        draft.id: draft_text.parse(draft_path(DEFINITION, draft.current).read_text(encoding="utf-8"))
        for draft in consultation.drafts
    }
    return build_model(consultation, texts=texts)


def expected(case: Case) -> list[Found]:
    """The case's cites with the offsets of their spans; spans are looked for one behind the other."""
    placed: list[Found] = []
    at = 0
    for cite in case["cites"]:
        at = case["text"].index(cite["span"], at)
        placed.append(cite | {"start": at, "end": at + len(cite["span"])})
        at += len(cite["span"])
    return placed


def read(case: Case, model: TopicModel) -> list[Found]:
    """What the rules read in a case, in the shape of the gold."""
    seen = view(case["text"])
    return [
        {
            "units": {unit: value for unit, value in cite.units.items() if unit != "section"},
            "span": case["text"][cite.start : cite.end],
            "section": cite.units.get("section"),
            "start": cite.start,
            "end": cite.end,
        }
        for cite in cites(seen, 0, len(seen.plain), model)
    ]


def same_place(gold: Found, found: Found) -> bool:
    """The same units with the same values, read where the gold has them."""
    apart = gold["end"] <= found["start"] or found["end"] <= gold["start"]
    return not apart and gold["units"] == found["units"]


def same_section(gold: Found, found: Found) -> bool:
    """The same place, and in the section that the gold states; null in the gold: it must stay unresolved."""
    return same_place(gold, found) and gold["section"] == found["section"]


def score(model: TopicModel, same: Callable[[Found, Found], bool]) -> Score:
    total = Score()
    for case in CASES:
        total.add(case, expected(case), read(case, model), same)
    return total


def test_the_gold_set_is_large_hard_and_sound() -> None:
    negatives = sum(not case["cites"] for case in CASES)
    with_section = sum(any("section" in cite for cite in case["cites"]) for case in CASES)
    assert faults(CASES) == []
    for case in CASES:
        assert len(expected(case)) == len(case["cites"]), case["id"]  # raises when a span is not in the text
        assert all(set(cite["units"]) <= KEYS for cite in case["cites"]), case["id"]
        assert all(value in case["text"] for cite in case["cites"] for value in cite["units"].values()), case["id"]
    assert len(CASES) >= 150
    assert 0.25 <= negatives / len(CASES) <= 0.5
    assert with_section >= 45


def test_places_are_read_with_precision_and_recall(model: TopicModel) -> None:
    total = score(model, same_place)
    reached = total.reaches(LEAST)
    assert reached, str(total)


def test_sections_are_resolved_with_precision_and_recall(model: TopicModel) -> None:
    """Over the places whose section the gold states. Not read or not resolved: missed. Resolved where it must not be: false."""
    total = Score()
    for case in CASES:
        found = read(case, model)
        for gold in expected(case):
            if "section" not in gold:
                continue
            places = [other for other in found if same_place(gold, other)]
            resolved = [other for other in places if other["section"] is not None]
            total.add(case, [gold] if gold["section"] is not None else [], resolved[:1], same_section)
    reached = total.reaches(LEAST)
    assert reached, str(total)
