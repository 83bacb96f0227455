"""The numbers and bullets that Word shows in front of a paragraph but does not store in it (ECMA-376 part 1, 17.9)."""

from collections import defaultdict
from collections.abc import Mapping

from services.ingest.reading.xml import Element, attribute, child, every, local

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
    (4, "iv"), (1, "i"),
)  # fmt: skip
_BULLET = "- "
_MAX_NUMBER = 4_000


def _roman(n: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        count, n = divmod(n, value)
        out += letters * count
    return out


def _shown(n: int, form: str) -> str:
    if not 0 < n < _MAX_NUMBER:
        return str(n)
    if form in {"lowerRoman", "upperRoman"}:
        return _roman(n) if form == "lowerRoman" else _roman(n).upper()
    if form in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    return f"{n:02d}" if form == "decimalZero" else str(n)


class Numbering:
    """Counts the paragraphs of every list as they come by."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, Mapping[str, str]]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        for one in root:
            if local(one) == "abstractNum":
                levels = {_number(attribute(lvl, "ilvl")): _level(lvl) for lvl in every(one, "lvl")}
                self._levels[attribute(one, "abstractNumId") or ""] = levels
            elif local(one) == "num":
                id_ = attribute(one, "numId") or ""
                named = child(one, "abstractNumId")
                self._lists[id_] = (attribute(named, "val") if named is not None else None) or ""
                for override in every(one, "lvlOverride"):
                    start = child(override, "startOverride")
                    if start is not None:
                        self._starts[id_, _number(attribute(override, "ilvl"))] = _number(attribute(start, "val"))

    def mark(self, list_id: str, level: int) -> str:
        """What stands before the next paragraph of this list and level, with a space after it; "" for nothing."""
        abstract = self._lists.get(list_id)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        own = levels[level]
        counts = self._counts[abstract]
        restart = self._starts.pop((list_id, level), None)
        counts[level] = restart if restart is not None else counts.get(level, _number(own["start"]) - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if own["form"] == "none":
            return ""
        if own["form"] == "bullet":
            return _BULLET
        text = own["text"]
        for one, facts in levels.items():
            if one <= level:
                text = text.replace(f"%{one + 1}", _shown(counts.get(one, _number(facts["start"])), facts["form"]))
        return f"{text} " if text else ""


def _level(lvl: Element) -> Mapping[str, str]:
    def value(name: str, default: str) -> str:
        found = child(lvl, name)
        return (attribute(found, "val") if found is not None else None) or default

    return {"start": value("start", "1"), "form": value("numFmt", "decimal"), "text": value("lvlText", "")}


def _number(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 9 else 0
