"""A submission's text as a reader sees it: personal data masked, the opinion marked, its sentences numbered. Pure.

Offsets are code points of the submission's text as it came, so what is masked on the screen does not shift a span.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from services.classify.steps.personal.personal_data import personal_data
from services.classify.steps.view import view, without_diacritics
from shared.events import Opinion, SubmissionClassified

MASK = "[…]"  # as in the reports
SIGNATURE = "[phần ký tên, không hiển thị]"
CONTEXT = 3000  # code points shown on either side of the opinion
_MARGIN = 300  # read beyond the window, so that what begins outside of it is recognised
MAX_SENTENCES = 200
_NUMBER = 400  # code points looked at for a letter, so that a long run of signs costs no more
_SENTENCE_END = re.compile(r"[.!?…;:]{1,3}[\"”»')\]]{0,2}(?=\s)|\n")

Part = Literal["focus", "opinion", "aside", "plain"]


@dataclass(frozen=True)
class Sentence:
    """A sentence of the opinion, or a part of one that a semicolon or a line end sets off; numbered from 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A run of text shown alike. `sentence`: the number of the sentence that begins here; `hint`: it spoke for a group."""

    text: str
    part: Part
    sentence: int | None = None
    masked: bool = False
    hint: bool = False


@dataclass(frozen=True)
class Shown:
    """What is shown of a text; `before` and `after`: there is more than is shown."""

    pieces: tuple[Piece, ...]
    sentences: tuple[Sentence, ...]
    before: bool
    after: bool

    @property
    def runs(self) -> tuple[tuple[Part, tuple[Piece, ...]], ...]:
        """Neighbouring pieces of one part together."""
        return tuple((part, tuple(pieces)) for part, pieces in groupby(self.pieces, key=lambda piece: piece.part))


def shown(text: str, focus: Opinion, result: SubmissionClassified, hints: Sequence[str] = ()) -> Shown:
    """The opinion in its text. `hints` are marked in it; none for a reader who must not know what the machine saw."""
    low, high = max(0, focus.start - CONTEXT), min(len(text), focus.end + CONTEXT)
    sentences = sentences_of(text, focus.start, focus.end)
    hidden = _hidden(text, low, high, result)
    marked = _occurrences(text[focus.start : focus.end], focus.start, hints)
    starts = {sentence.start: sentence.number for sentence in sentences} if len(sentences) > 1 else {}
    parts = _parts(focus, result)
    cuts = {
        low,
        high,
        *starts,
        *(edge for span in (*hidden, *marked) for edge in span),
        *(e for s in parts for e in s[:2]),
    }
    edges = sorted(cut for cut in cuts if low <= cut <= high)
    pieces: list[Piece] = []
    inside_hidden, inside_marked = _Lookup(hidden), _Lookup(marked)
    part_at = _Lookup([(start, end) for start, end, _ in parts])
    for start, end in pairwise(edges):
        where = part_at.of(start)
        part = parts[where][2] if where is not None else "plain"
        mask = inside_hidden.of(start)
        if mask is not None and start != max(low, hidden[mask][0]):
            continue  # the mask stands there already
        words = text[start:end] if mask is None else SIGNATURE if _is_signature(hidden[mask], result) else MASK
        pieces.append(
            Piece(words, part, starts.get(start), masked=mask is not None, hint=inside_marked.of(start) is not None)
        )
    return Shown(tuple(pieces), sentences, before=low > 0, after=high < len(text))


def sentences_of(text: str, start: int, end: int) -> tuple[Sentence, ...]:
    """The sentences of a span, covering all of it but white space; beyond 200 the last one takes the rest."""
    found: list[Sentence] = []
    at = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if len(found) == MAX_SENTENCES - 1:
            break
        if not any(letter.isalpha() for letter in text[at : match.end()][:_NUMBER]):
            continue  # "1." numbers a sentence and is none
        if span := _trimmed(text, at, match.end()):
            found.append(Sentence(len(found) + 1, *span))
        at = match.end()
    if span := _trimmed(text, at, end):
        found.append(Sentence(len(found) + 1, *span))
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return (start + left, start + len(words.rstrip())) if words.strip() else None


def masked(text: str, start: int, end: int, hidden: Iterable[tuple[int, int]]) -> str:
    """A stretch of the text with what is hidden replaced."""
    out: list[str] = []
    at = start
    for begin, stop in hidden:
        if stop <= at or begin >= end:
            continue
        out.extend((text[at : max(at, begin)], MASK))
        at = stop
    out.append(text[at:end])
    return "".join(out)


def covered(words: str | None, at: int | None, hidden: Iterable[tuple[int, int]]) -> str | None:
    """Words of the text that stand at `at`, with what is hidden replaced; when nobody knows where they stand, none of them."""
    if words is None:
        return None
    spans = list(hidden)
    if not spans:
        return words
    if at is None:
        return MASK
    moved = [(start - at, end - at) for start, end in spans if end > at and start < at + len(words)]
    return masked(words, 0, len(words), [(max(0, start), end) for start, end in moved])


def hidden_in(text: str, focus: Opinion, result: SubmissionClassified) -> list[tuple[int, int]]:
    """Spans of an opinion that are shown to nobody."""
    return _hidden(text, focus.start, focus.end, result)


def _hidden(text: str, low: int, high: int, result: SubmissionClassified) -> list[tuple[int, int]]:
    """Personal data, wherever it stands, and whole signatures, sorted and not overlapping."""
    begin, stop = max(0, low - _MARGIN), min(len(text), high + _MARGIN)
    window = view(text[begin:stop])
    spans = [(begin + p.start, begin + p.end) for p in personal_data(window, 0, len(window.plain))]
    spans += [(p.start, p.end) for opinion in result.opinions for p in opinion.pii]
    spans += [(aside.start, aside.end) for aside in result.set_aside if aside.kind == "signature"]
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(low, s), min(high, e)) for s, e in spans if s < high and e > low):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_signature(span: tuple[int, int], result: SubmissionClassified) -> bool:
    return any(a.kind == "signature" and a.start < span[1] and span[0] < a.end for a in result.set_aside)


def _parts(focus: Opinion, result: SubmissionClassified) -> list[tuple[int, int, Part]]:
    parts: list[tuple[int, int, Part]] = [(aside.start, aside.end, "aside") for aside in result.set_aside]
    for opinion in result.opinions:
        kind: Part = "focus" if opinion.opinion_id == focus.opinion_id else "opinion"
        parts.append((opinion.start, opinion.end, kind))
    return sorted(parts)


def _occurrences(words: str, offset: int, hints: Sequence[str]) -> list[tuple[int, int]]:
    """Where the hints stand, whatever case and diacritics were used; the longest of overlapping ones."""
    seen = view(words)
    found: list[tuple[int, int]] = []
    for hint in sorted(set(hints), key=len, reverse=True):
        sought = without_diacritics(view(hint).plain)
        at = seen.bare.find(sought) if sought else -1
        while at >= 0:
            start, end = seen.original(at, at + len(sought))
            if all(end + offset <= s or start + offset >= e for s, e in found):
                found.append((start + offset, end + offset))
            at = seen.bare.find(sought, at + len(sought))
            if len(found) > MAX_SENTENCES:
                break
    return sorted(found)


def spelt(words: str, folded: str) -> str:
    """A folded term as it is spelt in the words; word by word where it does not stand there in one piece."""
    seen = view(words)
    match = re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", seen.bare)
    if match is not None:
        start, end = seen.original(*match.span())
        return words[start:end]
    return " ".join(spelt(words, word) for word in folded.split()) if " " in folded else folded


class _Lookup:
    """Which of sorted, not overlapping spans a position lies in."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def of(self, position: int) -> int | None:
        """Its number, or None."""
        at = bisect_right(self._starts, position) - 1
        return at if at >= 0 and position < self._spans[at][1] else None
