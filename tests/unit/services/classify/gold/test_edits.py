"""Wording changes against tests/gold/edits.jsonl: what is asked for, verbatim; what is not asked for, not at all."""

from typing import Any

from services.classify.steps.editing.edits import edits
from services.classify.steps.view import view
from shared.text import fold
from tests.unit.services.classify.gold.scoring import Case, Score, faults, load

CASES = load("edits")
LEAST = 0.97

Found = dict[str, Any]
_TRAILING = " \t\r\n.,;:!?"


def read(case: Case) -> list[Found]:
    """What the rules read in a case, in the shape of the gold."""
    seen = view(case["text"])
    return [
        {"op": edit.op, "old": edit.old, "new": edit.new, "place": edit.place}
        for edit in edits(seen, 0, len(seen.plain))
    ]


def trimmed(words: str | None) -> str | None:
    """Without blanks around it and punctuation behind it: where a wording without quotes ends is a matter of taste."""
    return words.strip().rstrip(_TRAILING) if words is not None else None


def same_edit(gold: Found, found: Found) -> bool:
    """The same operation on the same words."""
    return gold["op"] == found["op"] and all(trimmed(gold[key]) == trimmed(found[key]) for key in ("old", "new"))


def same_place(gold: Found, found: Found) -> bool:
    """Loosely: one of the two places holds the other, whatever their case and marks."""
    if not same_edit(gold, found) or found["place"] is None:
        return False
    ours, theirs = fold(gold["place"]), fold(found["place"])
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
    print(f"places of the edits read: {places().recall:.4f} recall (no threshold: a place only helps the reader)")
    reached = total.reaches(LEAST)
    assert reached, str(total)


def places() -> Score:
    """The places of those edits that are read right, compared loosely; to look at, `pytest -rP` prints the recall."""
    total = Score()
    for case in CASES:
        gold = [edit for edit in case["edits"] if edit["place"] is not None]
        found = [edit for edit in read(case) if any(same_edit(one, edit) for one in gold)]
        total.add(case, gold, found, same_place)
    return total
