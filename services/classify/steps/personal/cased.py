"""The view's text with its capitals, letter for letter beside `seen.matched`: names and places are told by them."""

import re
import unicodedata
from collections.abc import Iterator

from services.classify.steps.view import View, without_diacritics

UPPER = r"[A-ZĐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]"
SYLLABLE = rf"(?:H['’]\s?)?{UPPER}[^\W\d_]{{0,7}}(?:['’][^\W\d_]{{1,7}})?"
TWO_CAPITALS = re.compile(rf"{UPPER}[^\W\d_]{{0,7}}(?:['’][^\W\d_]{{1,7}})? {UPPER}")
"""What every run of two syllables of a name holds."""


def _letters(seen: View) -> Iterator[str]:
    """Decomposed text letter by letter; where lower case has more letters than the text, the lower ones."""
    offsets = seen.offsets or ()
    for at, lower in enumerate(seen.plain):
        letter = unicodedata.normalize("NFC", seen.text[offsets[at] : offsets[at + 1]])
        yield letter if len(letter) == 1 else lower


def cased(seen: View) -> str:
    """Same length and offsets as `seen.matched`, with diacritics exactly where that has them."""
    if seen.cased is None:  # made once: a letter may hold 300 opinions
        text = seen.text if seen.offsets is None else "".join(_letters(seen))
        seen.cased = text if seen.accented else without_diacritics(text)
    return seen.cased
