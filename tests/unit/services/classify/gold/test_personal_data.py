"""Personal data against tests/gold/personal_data.jsonl. A span that is missed is a leak; one too many blackens an opinion.

A span counts when it overlaps the gold span by at least four fifths of both; a name has to be exact but for the title before it.
"""

import re
from functools import partial
from typing import cast

import pytest

from services.classify.steps.personal.personal_data import personal_data
from services.classify.steps.view import view
from tests.unit.services.classify.gold.scoring import Case, Score, faults, load

CASES = load("personal_data")
LEAST = 0.97
OVERLAP = 0.8
KINDS = {"phone", "id_number", "email", "address", "bank_account", "name"}
_TITLE = re.compile(r"(?:(?:ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|đồng chí|tôi|ong|ba|chi|co)\s+)+", re.IGNORECASE)

Item = tuple[str, int, int]


def gold_items(case: Case) -> list[Item]:
    """Kind, start and end of each; equal ones are found one after the other."""
    items, at = [], 0
    for kind, piece in case["pii"]:
        start = case["text"].index(piece, at)
        at = start + len(piece)
        items.append((kind, start, at))
    return items


def read(case: Case) -> list[Item]:
    seen = view(case["text"])
    return [(found.kind, found.start, found.end) for found in personal_data(seen, 0, len(seen.plain))]


def same(text: str, gold: Item, found: Item) -> bool:
    kind, start, end = gold
    if found[0] != kind:
        return False
    if kind == "name":
        return _without_title(text[found[1] : found[2]]) == text[start:end]
    shared = min(end, found[2]) - max(start, found[1])
    return shared >= OVERLAP * max(end - start, found[2] - found[1])


def _without_title(name: str) -> str:
    name = name.strip(" \t\r\n.,;:-")
    title = _TITLE.match(name)
    return name[title.end() :] if title else name


def score(kinds: set[str]) -> Score:
    """Over the items of these kinds."""
    total = Score()
    for case in CASES:
        total.add(
            case,
            [item for item in gold_items(case) if item[0] in kinds],
            [item for item in read(case) if item[0] in kinds],
            partial(same, case["text"]),
        )
    return total


def listing(result: Score) -> str:
    """The figures, then the words (invented ones) that leaked or were masked without need."""
    lines = [f"recall {result.recall:.4f}  precision {result.precision:.4f}"]
    for wrong in result.wrong:
        kind, start, end = cast("Item", wrong.item)
        mark = "NEEDLESS" if wrong.found else "LEAK    "
        lines.append(f"{mark} {wrong.case['id']} {kind} {wrong.case['text'][start:end]!r} in {wrong.case['text']!r}")
    return "\n".join(lines)


def test_the_set_is_sound() -> None:
    assert faults(CASES) == []
    assert {kind for case in CASES for kind, _ in case["pii"]} == KINDS


def test_the_set_is_large_and_holds_what_is_no_personal_data() -> None:
    assert len(CASES) >= 150
    assert sum(not case["pii"] for case in CASES) >= 60


def test_nothing_leaks_and_nothing_else_is_masked() -> None:
    result = score(KINDS)
    assert result.recall >= LEAST, listing(result)
    assert result.precision >= LEAST, listing(result)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_is_left_behind(kind: str) -> None:
    result = score({kind})
    assert result.recall >= 0.9, listing(result)
