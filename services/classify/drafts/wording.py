"""Words compared as people quote them: without regard to case, blanks, line breaks, shape of quotes and place of tone marks.

Every form keeps the way back to the code points it was made from.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.classify.steps.view import view, without_diacritics

_SHAPES = str.maketrans(dict.fromkeys("“”„‟«»″‹›", '"') | dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("‐‑‒–—−", "-"))
_NEW_TONES = (
    "oà òa", "oá óa", "oả ỏa", "oã õa", "oạ ọa", "oè òe", "oé óe", "oẻ ỏe", "oẽ õe", "oẹ ọe", "uỳ ùy", "uý úy", "uỷ ủy", "uỹ ũy", "uỵ ụy",
)  # fmt: skip
_TONE = dict(pair.split() for pair in _NEW_TONES)
_TONED = re.compile(
    rf"(?:{'|'.join(_TONE)})(?![\u0300-\u036f])"
)  # a second mark is no Vietnamese letter: left as it is
_RUN = re.compile(r"\S+")
_EDGES = " .,;:…!?\"'"


@dataclass(frozen=True)
class Loose:
    """`plain`: the normalised text; `offsets[i]`: where its i-th code point begins in the original, one more for the end."""

    plain: str
    offsets: Sequence[int]

    @cached_property
    def bare(self) -> str:
        """Without diacritics; same offsets."""
        return without_diacritics(self.plain)


def loose(text: str) -> Loose:
    """The normalised text, in linear time."""
    seen = view(text)
    same_length = _same_length(seen.plain)
    pieces: list[str] = []
    offsets: list[int] = []
    for run in _RUN.finditer(same_length):
        if pieces:
            pieces.append(" ")
            offsets.append(run.start() - 1)
        pieces.append(run[0])
        offsets.extend(range(*run.span()))
    offsets.append(len(same_length))
    return Loose("".join(pieces), offsets if seen.offsets is None else [seen.offsets[at] for at in offsets])


def _same_length(plain: str) -> str:
    return _TONED.sub(lambda found: _TONE[found[0]], plain.translate(_SHAPES))


def sought(words: str) -> str:
    """Quoted words as they are looked for in a loose text; empty when nothing but punctuation is left."""
    plain = words.lower()
    if len(plain) != len(words) or not unicodedata.is_normalized("NFC", words):
        plain = view(words).plain
    return " ".join(_same_length(plain).split()).strip(_EDGES)


def occurrences(text: str, words: str, limit: int) -> Iterator[int]:
    """Where the words stand as whole words, the first `limit` places."""
    at, found = text.find(words), 0
    while at >= 0 and found < limit:
        end = at + len(words)
        if not (_inside_word(text, at) or _inside_word(text, end)):
            found += 1
            yield at
        at = text.find(words, at + 1)


def _inside_word(text: str, at: int) -> bool:
    """Whether a word or a number goes on across this point ("7,6" is one number)."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return True
    return (before.isdigit() and after in ".," and text[at + 1 : at + 2].isdigit()) or (
        after.isdigit() and before in ".," and text[at - 2 : at - 1].isdigit()
    )
