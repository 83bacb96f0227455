"""Cue phrases in a span, found in one pass over its words: every word is looked up once, phrases are tried longest first.

What stands in quotes is the draft's wording, not the writer's: it holds no cue.
"""

import re
from itertools import chain, compress, count
from typing import Final

from services.classify.steps.chunks import parted
from services.classify.steps.stances.cue_words import PHRASES
from services.classify.steps.view import SHORT, View, without_diacritics

_TOKEN = re.compile(r"\w+|[.;:!?,\n]|[“\"«][^“”\"«»\n]{0,400}[”\"»]")

# By first word: what the word alone does, and by second word the rests of the phrases, longest first.
Table = dict[str, tuple[int | None, dict[str, list[tuple[list[str], int]]]]]
Heard = tuple[int, int, int]  # a cue phrase: its words are those from the second number up to, but without, the third


def _table(*, accented: bool) -> Table:
    phrases: dict[tuple[str, ...], int] = {}
    for cue, listed in PHRASES.items():
        for phrase in listed.split(","):
            words = phrase.strip()
            if words.endswith("!"):
                if not accented:
                    continue
                words = words[:-1]
            if words.startswith("~"):
                if accented:
                    continue
                words = words[1:]
            phrases[tuple((words if accented else without_diacritics(words)).split())] = cue
    table: Table = {key[0]: (phrases.get(key[:1]), {}) for key in phrases}
    for key, cue in sorted(phrases.items(), key=lambda item: len(item[0]), reverse=True):
        if len(key) > 1:
            table[key[0]][1].setdefault(key[1], []).append((list(key[2:]), cue))
    return table


_ACCENTED: Final = _table(accented=True)
_BARE: Final = _table(accented=False)


def spoken(seen: View, start: int, end: int) -> list[str]:
    """The words and marks of the span; a quotation is one of them, unless there is nothing else."""
    text = seen.matched[start:end]
    if "“" in text or '"' in text or "«" in text:
        found: list[str] = _TOKEN.findall(text)
        if any(token[0].isalpha() for token in found) or not found:
            return found
        return parted(text.replace("“", " ").replace('"', " ").replace("«", " "))
    if "\n" in text or len(text) > SHORT:
        return parted(text)
    return [*chain.from_iterable(seen.read(start, end)[2])]


def hear(seen: View, tokens: list[str]) -> list[Heard]:
    """The cues among the words, in order, none overlapping."""
    table = _ACCENTED if seen.accented else _BARE
    heard: list[Heard] = []
    beyond = 0
    for at in compress(count(), map(table.__contains__, tokens)):
        if at < beyond:
            continue
        cue, phrases = table[tokens[at]]
        beyond = at + 1
        if phrases and beyond < len(tokens):
            for rest, longer in phrases.get(tokens[beyond], ()):
                after = at + 2 + len(rest)
                if not rest or tokens[at + 2 : after] == rest:
                    cue, beyond = longer, after
                    break
        if cue is not None:
            heard.append((cue, at, beyond))
    return heard
