"""Invented letters and what people do to them: families of form letters among letters that only share the usual phrases.

Every letter is made up of the sentences below; no citizen wrote any of it. The truth is the family: a variant belongs to the letter
it was made from, except where the variant says another thing (`Variant.OPPOSITE`, `Variant.NUMBER`): then it is a family of its own.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.classify.steps.view import without_diacritics
from tests.bench.phrases import (
    ASKS,
    DID,
    DOING,
    GREETINGS,
    HOW,
    OPENINGS,
    OWN,
    PLACES,
    STOCK,
    SUBJECTS,
    SYLLABLES,
    THING,
    WHEN,
    WHO,
)


class Variant(StrEnum):
    """What was done to the letter."""

    BASE = "the letter"
    COPY = "exact copy"
    CASE = "capitals"
    BARE = "no diacritics"
    TONES = "tone placement"
    MARKS = "punctuation and spaces"
    GREETING = "greeting added"
    EDITS_5 = "5 % of the words edited"
    EDITS_15 = "15 % of the words edited"
    EDITS_30 = "30 % of the words edited"
    ORDER = "sentences in another order"
    OWN = "own sentences added"
    PASTED = "half pasted into another letter"
    OPPOSITE = "the opposite, by one word"
    NUMBER = "another number"


SAME = tuple(v for v in Variant if v not in {Variant.BASE, Variant.PASTED, Variant.OPPOSITE, Variant.NUMBER})


@dataclass(frozen=True)
class Letter:
    """`family` is the truth; `origin` the family it was made from, for those that became another one's."""

    text: str
    family: int
    variant: Variant
    origin: int


def letters(count: int, seed: int = 20250611, share_of_variants: float = 0.4) -> Iterator[Letter]:
    """`count` letters; families of 2 to 40 variants stand among letters that are alone. The same for the same arguments."""
    draw = random.Random(seed)
    family, left = 0, count
    told: set[str] = set()
    turned: dict[str, int] = {}  # two who turn a letter in the same way say the same
    while left > 0:
        family += 1
        size = 1 if draw.random() > share_of_variants / 10 else min(left, draw.randint(2, 40))
        base = _letter(draw)
        if base in told:
            continue
        told.add(base)
        yield Letter(base, family, Variant.BASE, family)
        left -= 1
        origin = family
        for _ in range(size - 1):
            variant = draw.choice(tuple(Variant)[1:])
            made = _CHANGES[variant](base, draw)
            if made is None:
                continue
            if variant in SAME:
                yield Letter(made, origin, variant, origin)
            else:
                family += 1
                yield Letter(made, turned.setdefault(made, family), variant, origin)
            left -= 1


def _letter(draw: random.Random) -> str:
    """One to four sentences; openings, stock phrases, subjects, demands and places are everybody's, the rest is put together anew."""
    made = [_sentence(draw) for _ in range(draw.choice((1, 1, 2, 2, 3, 4)))]
    if draw.random() < 0.3:
        made.insert(0, draw.choice(STOCK))
    return " ".join(made)


def _sentence(draw: random.Random) -> str:
    subject, ask, place = (draw.choice(kind) for kind in (SUBJECTS, ASKS, PLACES))
    way = f"{draw.choice(DOING)} {draw.choice(THING)} {draw.choice(HOW)}"
    reason = f"{draw.choice(WHO)} {draw.choice(DID)} {draw.choice(WHEN)}"
    number, year = draw.choice((*range(3, 100),)), draw.choice((2027, 2028, 2029, 2030))
    frames = (
        f"{draw.choice(OPENINGS)} {subject} {place}, {way}.",
        f"{draw.choice(OPENINGS)} {subject}: {ask} {place} trước năm {year}, vì {reason}.",
        f"Về {subject}, tôi đồng ý nâng lên {number}% nhưng phải {ask}; {reason}.",
        f"Tôi đồng ý với {subject} {place}, song {reason}, cho nên {way}.",
        f"Ở {place.removeprefix('ở ')} {reason}; mong tỉnh {ask} để {subject} đạt {number}%.",
    )
    sentence = draw.choice(frames)
    return sentence[0].upper() + sentence[1:]


def _edited(share: float) -> Callable[[str, random.Random], str]:
    """Replaces, deletes, inserts, swaps and mistypes that share of the words; not numbers and denials, which turn the meaning."""

    def edit(text: str, draw: random.Random) -> str:
        words = text.split()
        open_ = [i for i, word in enumerate(words) if not _turns(word) and not (i and _turns(words[i - 1]))]
        count = max(1, round(share * len(words)))
        for i in sorted(draw.sample(open_, min(count, len(open_))), reverse=True):
            kind = draw.random()
            if kind < 0.4:
                words[i] = draw.choice(SYLLABLES)
            elif kind < 0.55:
                del words[i]
            elif kind < 0.7:
                words.insert(i, draw.choice(SYLLABLES))
            elif kind < 0.8 and i + 1 < len(words) and not _turns(words[i + 1]):
                words[i], words[i + 1] = words[i + 1], words[i]
            else:
                words[i] = _mistyped(words[i], draw)
        return " ".join(words)

    return edit


def _turns(word: str) -> bool:
    bare = without_diacritics(word.lower()).strip(".,;:")
    return any(c.isdigit() for c in word) or bare in {
        "khong",
        "chua",
        "dong",
        "y",
        "muc",
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "vi",
        "ix",
        "x",
    }


def _mistyped(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word))
    kind = draw.randrange(3)
    if kind == 0 and len(word) > 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + draw.choice("aeiounhtg") + (word[at:] if kind == 1 else word[at + 1 :])


def _marks(text: str, draw: random.Random) -> str:
    for old, new in ((".", " !"), (", ", " ,"), (";", " -"), (" ", "  ")):
        if draw.random() < 0.7:
            text = text.replace(old, new)
    return text + draw.choice(("", "...", "./."))


def _tones(text: str, _draw: random.Random) -> str:
    for old, new in (("òa", "oà"), ("óa", "oá"), ("ủy", "uỷ"), ("úy", "uý"), ("ùy", "uỳ"), ("ọe", "oẹ"), ("ỏe", "oẻ")):
        text = text.replace(old, new)
    return text


def _order(text: str, draw: random.Random) -> str | None:
    parts = text.split(". ")
    if len(parts) < 2:
        return None
    parts[-1] = parts[-1].rstrip(".")
    draw.shuffle(parts)
    return ". ".join(parts) + "."


def _pasted(text: str, draw: random.Random) -> str:
    words = text.split()
    half = " ".join(words[: len(words) // 2])
    return f"{_sentence(draw)} {half}. {_sentence(draw)}"


def _with_own(text: str, draw: random.Random) -> str:
    own = " ".join(draw.sample(OWN, draw.choice((1, 1, 2))))
    return f"{own} {text}" if draw.random() < 0.3 else f"{text} {own}"


def _opposite(text: str, _draw: random.Random) -> str | None:
    """Only where it turns the whole letter: in a short one."""
    if "đồng ý" not in text or len(text.split()) > 38:
        return None
    return text.replace("tôi đồng ý", "tôi không đồng ý", 1).replace("Tôi đồng ý", "Tôi không đồng ý", 1)


def _number(text: str, draw: random.Random) -> str | None:
    words = text.split()
    at = [i for i, word in enumerate(words) if word.rstrip(".,;").endswith("%")]
    if not at or len(words) > 38:
        return None
    i = draw.choice(at)
    old = int("".join(c for c in words[i] if c.isdigit()))
    words[i] = words[i].replace(str(old), str(old % 90 + draw.randint(2, 9)))
    return " ".join(words)


_CHANGES: dict[Variant, Callable[[str, random.Random], str | None]] = {
    Variant.COPY: lambda text, _: text,
    Variant.CASE: lambda text, _: text.upper(),
    Variant.BARE: lambda text, _: without_diacritics(text),
    Variant.TONES: _tones,
    Variant.MARKS: _marks,
    Variant.GREETING: lambda text, draw: f"{draw.choice(GREETINGS)} {text}",
    Variant.EDITS_5: _edited(0.05),
    Variant.EDITS_15: _edited(0.15),
    Variant.EDITS_30: _edited(0.30),
    Variant.ORDER: _order,
    Variant.OWN: _with_own,
    Variant.PASTED: _pasted,
    Variant.OPPOSITE: _opposite,
    Variant.NUMBER: _number,
}


def words_of(texts: Sequence[str]) -> int:
    """How many words these are, for the note of a row."""
    return sum(len(text.split()) for text in texts)
