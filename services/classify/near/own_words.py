"""What a signatory added to a form letter: whole sentences of the text that the letter does not have."""

import re
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import combining

from services.classify.near.signature import COMMON
from services.classify.near.verify import Words
from shared.text import fold

_SENTENCE_END = re.compile(r"(?:[.!?…;](?=[\s\"”’»)\]]|$)[\"”’»)\]]{0,3}|\n)\s*")
_LEAST = 4  # words that make an addition worth an opinion of its own
_KNOWN = 0.5  # share of a sentence's words, and of its word pairs, from which it is the letter's own sentence, edited

Span = tuple[int, int]


def own_sentences(text: str, head: Words) -> list[Span]:
    """Exact, ordered spans of `text`: runs of sentences that `head` does not have. White space around them is left out."""
    runs: list[list[int]] = []
    pairs = set(pairwise(head.order))
    joined = False
    for start, end in sentences(text):
        own = _is_own(fold(text[start:end]).split(), head, pairs)
        if own and joined:
            runs[-1][1] = end
        elif own:
            runs.append([start, end])
        joined = own
    return [(start, end) for start, end in runs]


def the_rest(text: str, own: list[Span]) -> list[Span]:
    """What `own` leaves of the text, without white space around it; both together cover all but white space."""
    edges = [0, *(edge for span in own for edge in span), len(text)]
    spans = (_trimmed(text, edges[i], edges[i + 1]) for i in range(0, len(edges), 2))
    return [(start, end) for start, end in spans if start < end]


def sentences(text: str) -> Iterator[Span]:
    """Every sentence, without the white space around it."""
    start = 0
    for stop in _SENTENCE_END.finditer(text):
        if stop.end() < len(text) and combining(text[stop.end()]):
            continue  # a mark belongs to what stands before it, be it a blank
        span = _trimmed(text, start, stop.end())
        if span[0] < span[1]:
            yield span
        start = stop.end()
    span = _trimmed(text, start, len(text))
    if span[0] < span[1]:
        yield span


def _is_own(words: list[str], head: Words, pairs: set[tuple[str, str]]) -> bool:
    if len(words) < _LEAST:
        return False
    told = [word for word in words if word not in COMMON] or words
    if sum(1 for word in told if word in head.counts) >= _KNOWN * len(told):
        return False
    follow = list(pairwise(words))
    return sum(1 for pair in follow if pair in pairs) < _KNOWN * len(follow)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
