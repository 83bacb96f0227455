"""Wording changes against tests/gold/edits.jsonl: what is asked for, verbatim; what is not asked for, not at all."""

from pathlib import Path
from typing import Any

from services.classify.model import build_model
from services.classify.steps.citing.cites import cites
from services.classify.steps.editing.edits import edits
from services.classify.steps.view import view
from shared.consultation_yaml import load as load_consultation
from shared.text import fold
from tests.unit.services.classify.gold.scoring import Case, Score, faults, load

CASES = load("edits")
MODEL = build_model(load_consultation(Path(__file__).resolve().parents[5] / "consultations" / "dien-bien-2025.yaml"))
LEAST = 0.97
LEAST_PLACES = 0.9  # a place helps the reader to find the words; nothing is counted by it

Found = dict[str, Any]
_TRAILING = " \t\r\n.,;:!?"


def read(case: Case) -> list[Found]:
    """What the rules read in a case, in the shape of the gold."""
    seen = view(case["text"])
    named = cites(seen, 0, len(seen.plain), MODEL)
    return [
        {"op": edit.op, "old": edit.old, "new": edit.new, "place": edit.place}
        for edit in edits(seen, 0, len(seen.plain), named=named)
    ]


def trimmed(words: str | None) -> str | None:
    """Without blanks around it and punctuation behind it: where a wording without quotes ends is a matter of taste."""
    return words.strip().rstrip(_TRAILING) if words is not None else None


def same_edit(gold: Found, found: Found) -> bool:
    """The same operation on the same words; of a passage that is to go altogether, at the same place."""
    if gold["op"] != found["op"] or any(trimmed(gold[key]) != trimmed(found[key]) for key in ("old", "new")):
        return False
    return gold["old"] is not None or gold["new"] is not None or overlap(gold["place"], found["place"])


def same_place(gold: Found, found: Found) -> bool:
    """Loosely: one of the two places holds the other, whatever their case and marks."""
    return same_edit(gold, found) and overlap(gold["place"], found["place"])


def overlap(gold: str, found: str | None) -> bool:
    """Whether one of two places holds the other."""
    if found is None:
        return False
    ours, theirs = fold(gold), fold(found)
    return ours in theirs or theirs in ours


def test_the_gold_set_is_large_hard_and_sound() -> None:
    negatives = sum(not case["edits"] for case in CASES)
    assert faults(CASES) == []
    assert len(CASES) >= 120
    assert 0.2 <= negatives / len(CASES) <= 0.5
    for case in CASES:
        for edit in case["edits"]:
            assert all(edit[key] is None or edit[key] in case["text"] for key in ("old", "new", "place")), case["id"]


def test_edits_are_read_with_precision_and_recall() -> None:
    total = Score()
    for case in CASES:
        total.add(case, case["edits"], read(case), same_edit)
    reached = total.reaches(LEAST)
    assert reached, str(total)


def test_the_places_of_edits_are_read() -> None:
    found = places()
    assert found.recall >= LEAST_PLACES, str(found)


def places() -> Score:
    """The places of those edits that are read right, compared loosely."""
    total = Score()
    for case in CASES:
        gold = [edit for edit in case["edits"] if edit["place"] is not None]
        found = [edit for edit in read(case) if any(same_edit(one, edit) for one in gold)]
        total.add(case, gold, found, same_place)
    return total
