"""Labels of sections and cited values, written so that they compare: "Phần II", "phần 2" and "Phần thứ hai" are one."""

from functools import lru_cache

from services.classify.drafts.numbers import number
from shared.text import fold

_UNIT_WORDS = {  # the longest first
    "tieu muc": "tieumuc",
    "phu luc": "phuluc",
    "chuong": "chuong",
    "phan": "phan",
    "dieu": "dieu",
    "bieu": "bieu",
    "muc": "muc",
}


def unit_and_number(label: str) -> tuple[str, str] | None:
    """The unit (a key of `Cite.units`) and the number that a section's label names; None when it names no unit."""
    words = fold(label)
    for name, key in _UNIT_WORDS.items():
        if words.startswith(name + " "):
            return key, comparable(words[len(name) :].strip().removeprefix("thu ").removeprefix("so "))
    return None


@lru_cache(maxsize=4096)
def comparable(value: str) -> str:
    """A number in digits, however it is written; else the folded words."""
    value = fold(value)
    known = number(value)
    return str(known) if known is not None else value
