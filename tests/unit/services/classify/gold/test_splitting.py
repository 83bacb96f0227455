"""Splitting against tests/gold/splitting.jsonl: one span for each thing that somebody wants counted.

Two spans are the same when their words are: list markers, "Thứ nhất," and the like, white space and the punctuation at the end
belong to a span or not, and a heading may stand before the first opinion under it or be set aside.
"""

import re
from itertools import pairwise

import pytest

from services.classify.steps.splitting.split import Parts, split
from services.classify.steps.view import view
from tests.unit.services.classify.gold.scoring import Case, Score, faults, load

CASES = load("splitting")
LEAST = 0.97
_ORDINAL = r"(?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|\d{1,2})"
_MARKER = re.compile(
    rf"(?:[\s\W_]+|(?:thứ|ý kiến(?: thứ)?|câu hỏi|nội dung) {_ORDINAL}(?: là)?\b(?=[\s,:])|(?:một|hai|ba|bốn) là\b"
    r"|(?:\d{1,2}(?:\.\d{1,2}){0,2}|[ivx]{1,4}|[a-eđ])\s?[.)/:\-–](?!\d)|\d{1,2}\t)",
    re.IGNORECASE,
)
_AT_END = re.compile(r"[\s\W_]+\Z")
_TOPIC_LEAD = re.compile(r"về [\w ]{1,60}:\s*", re.IGNORECASE)

Span = tuple[int, int]


def after_markers(text: str, start: int, end: int) -> int:
    """Where the words begin."""
    while start < end and (marker := _MARKER.match(text, start, end)):
        start = marker.end()
    return start


def words_of(text: str, start: int, end: int) -> Span:
    """The span without markers before it and without white space and punctuation behind it."""
    begin = after_markers(text, start, end)
    start = begin if begin < end else start
    at_end = _AT_END.search(text, start, end)
    return start, at_end.start() if at_end and at_end.start() > start else end


def gold_spans(case: Case) -> list[Span]:
    """Where the opinions stand; equal ones are found one after the other."""
    return placed(case["text"], case["opinions"])


def placed(text: str, pieces: list[str]) -> list[Span]:
    spans, at = [], 0
    for piece in pieces:
        start = text.index(piece, at)
        at = start + len(piece)
        spans.append((start, at))
    return spans


def headings(case: Case) -> list[Span]:
    spans = placed(case["text"], [piece for _, piece in case["aside"]])
    return [span for (kind, _), span in zip(case["aside"], spans, strict=True) if kind == "heading"]


def same(case: Case, gold: Span, found: Span) -> bool:
    text = case["text"]
    (start, end), (begin, stop) = words_of(text, *gold), words_of(text, *found)
    if end != stop:
        return False
    if begin < start:  # only headings stand before it
        between = "".join(
            " " if any(a <= at < b for a, b in headings(case)) else text[at] for at in range(begin, start)
        )
        return after_markers(between, 0, len(between)) == len(between)
    return begin == start or _TOPIC_LEAD.fullmatch(text, start, begin) is not None


def read(text: str) -> tuple[Parts, list[Span], list[Span]]:
    """The parts, and their opinions and what was set aside as spans of the text."""
    seen = view(text)
    parts = split(seen)
    return parts, [seen.original(*span) for span in parts.opinions], [seen.original(*p[1:]) for p in parts.set_aside]


def score() -> Score:
    total = Score()
    for case in CASES:
        text = case["text"]
        found = read(text)[1]
        gold = gold_spans(case)
        missed = [g for g in gold if not any(same(case, g, f) for f in found)]
        total.add(case, [text[a:b] for a, b in missed], [], lambda _g, _f: False)
        false = [f for f in found if not any(same(case, g, f) for g in gold)]
        total.add(case, [], [text[a:b] for a, b in false], lambda _g, _f: False)
        total.right += len(gold) - len(missed)
    return total


def test_the_set_is_sound() -> None:
    assert faults(CASES) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_gold_opinions_and_what_is_aside_are_all_the_words_of_the_text(case: Case) -> None:
    text = case["text"]
    spans = sorted([*gold_spans(case), *placed(text, [piece for _, piece in case["aside"]])])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    left = [text[a:b] for a, b in zip([0, *(e for _, e in spans)], [*(s for s, _ in spans), len(text)], strict=True)]
    assert not re.search(r"\w", "".join(left))


def test_the_set_is_large_and_hard_enough() -> None:
    assert len(CASES) >= 80
    assert sum(len(case["opinions"]) == 1 for case in CASES) >= 0.2 * len(CASES)  # looks like several, is one
    assert sum(bool(case["aside"]) for case in CASES) >= 0.2 * len(CASES)


def test_opinions_are_found_where_they_are() -> None:
    result = score()
    assert result.precision >= LEAST, str(result)
    assert result.recall >= LEAST, str(result)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_nothing_vanishes_and_nothing_is_read_twice(case: Case) -> None:
    text = case["text"]
    _, opinions, aside = read(text)
    spans = sorted([*opinions, *aside])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    inside = {at for start, end in spans for at in range(start, end)}
    assert [at for at, char in enumerate(text) if not char.isspace() and at not in inside] == []
