"""Which known head a text follows, pure: the most alike of the candidates, whole or with the writer's own sentences beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.classify.near.own_words import Span, own_sentences, the_rest
from services.classify.near.verify import THRESHOLD, Words, far, same, similarity
from shared.text import fold


@dataclass(frozen=True)
class Verdict:
    """The head a text follows and how alike they are; `mixed`: only after its own sentences are taken out."""

    head: str
    similarity: float
    mixed: bool = False


@dataclass(frozen=True)
class Cut:
    """A text that holds a head's words: spans of those, spans of the writer's own, and how alike the former are to the head."""

    letter: list[Span]
    own: list[Span]
    similarity: float


def choose(text: str, words: Words, candidates: Mapping[str, Words], *, may_cut: bool) -> Verdict | None:
    """None: it is like none of them. Of equally alike heads the one with the smallest id."""
    found: list[Verdict] = []
    for head, theirs in candidates.items():
        if far(words, theirs):
            continue
        alike = similarity(words, theirs)
        if may_cut and _may_hold(words, theirs, alike) and (taken := cut(text, theirs)) is not None:
            found.append(Verdict(head, taken.similarity, mixed=True))
        elif same(words, theirs, alike):
            found.append(Verdict(head, round(alike, 4)))
    return min(found, key=lambda verdict: (-verdict.similarity, verdict.head), default=None)


def cut(text: str, head: Words) -> Cut | None:
    """None: it holds no sentence of its own, or without these it is not the head's text."""
    own = own_sentences(text, head)
    letter = the_rest(text, own)
    if not own or not letter:
        return None
    rest = Words(fold(joined(text, letter)))
    alike = similarity(rest, head)
    return Cut(letter, own, round(alike, 4)) if same(rest, head, alike) else None


def joined(text: str, spans: Iterable[Span]) -> str:
    """The words of these spans as one text."""
    return " ".join(text[start:end] for start, end in spans)


def _may_hold(words: Words, head: Words, alike: float) -> bool:
    """Whether enough of the head's words are in a longer text."""
    return len(words.order) > len(head.order) and alike * (words.weight + head.weight) >= 2 * THRESHOLD * head.weight
