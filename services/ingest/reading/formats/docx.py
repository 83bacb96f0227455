"""Word documents (.docx, ECMA-376), read from their XML: python-docx leaves out footnotes, text boxes, tracked insertions and numbers.

Kept: paragraphs, lists with their numbers, tables (cells joined by " | "), text boxes, inserted text, and after the text footnotes,
endnotes and comments (a reviewer's comments may be the whole opinion). Left out: headers, footers, deleted text, field codes.
"""

from collections.abc import Iterator

from services.ingest.reading import found, legacy_fonts
from services.ingest.reading.formats.numbering import Numbering
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.package import Package
from services.ingest.reading.runs import Run, text_of
from services.ingest.reading.xml import Element, attribute, child, every, local, parse

_LEFT_OUT = {"del", "moveFrom", "delText", "instrText", "pPr", "rPr", "tblPr", "sectPr", "txbxContent"}
_SYMBOLS = {
    0xFE: "☑",
    0xFD: "☒",
    0xA8: "☐",
    0x6F: "☐",
    0xFC: "✓",
    0xFB: "✗",
}  # of Wingdings: forms are ticked with them
_MAIN = "word/document.xml"
_AFTER = ("word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")


def read(package: Package) -> Found:
    """Raises Unread."""
    main = package.read(_MAIN)
    if main is None:
        raise Unread(found.MALFORMED, "no document part")
    document = _Document(package)
    lines = list(document.lines(child(parse(main), "body")))
    for name in _AFTER:
        part = package.read(name)
        if part is not None:
            for note in parse(part):
                if attribute(note, "type") in {None, "normal"}:  # the others are the lines above the notes
                    lines.extend(document.lines(note))
    return of_text(text_of(lines), pictures=package.has("word/media/"))


class _Document:
    def __init__(self, package: Package) -> None:
        numbering = package.read("word/numbering.xml")
        styles = package.read("word/styles.xml")
        self._numbering = Numbering(parse(numbering) if numbering else None)
        self._styles = {attribute(s, "styleId") or "": s for s in every(parse(styles), "style")} if styles else {}
        self._fonts: dict[str, str | None] = {}

    def lines(self, parent: Element | None) -> Iterator[list[Run]]:
        for one in parent if parent is not None else ():
            name = local(one)
            if name == "p":
                yield from self._paragraph(one)
            elif name == "tbl":
                yield from self._table(one)
            elif name == "AlternateContent":
                yield from self.lines(child(one, "Choice"))
            elif name not in _LEFT_OUT:
                yield from self.lines(one)

    def _paragraph(self, paragraph: Element) -> Iterator[list[Run]]:
        properties = child(paragraph, "pPr")
        named = child(properties, "pStyle")
        style = (attribute(named, "val") if named is not None else None) or ""
        runs: list[Run] = []
        boxes: list[Element] = []
        self._runs(paragraph, self._font(style), runs, boxes)
        mark = self._mark(properties, style) if any(text.strip() for text, _ in runs) else ""
        line: list[Run] = [(mark, None)] if mark else []
        for text, font in runs:  # a line break inside a paragraph is a line of its own
            first, *more = text.split("\n")
            line.append((first, font))
            for part in more:
                yield line
                line = [(part, font)]
        yield line
        for box in boxes:
            yield from self.lines(box)

    def _runs(self, parent: Element, font: str | None, runs: list[Run], boxes: list[Element]) -> None:
        for one in parent:
            name = local(one)
            if name == "txbxContent":
                boxes.append(one)
            elif name in _LEFT_OUT:
                continue
            elif name == "r":
                self._runs(one, self._run_font(one) or font, runs, boxes)
            elif name == "AlternateContent":
                chosen = child(one, "Choice")
                chosen = chosen if chosen is not None else child(one, "Fallback")
                if chosen is not None:
                    self._runs(chosen, font, runs, boxes)
            elif (text := _literal(one, name)) is not None:
                runs.append((text, font))
            else:
                self._runs(one, font, runs, boxes)

    def _table(self, table: Element) -> Iterator[list[Run]]:
        for row in _children(table, "tr"):
            joined: list[list[Run]] = [[]]
            empty = True
            for index, cell in enumerate(_children(row, "tc")):
                lines = [line for line in self.lines(cell) if any(text.strip() for text, _ in line)]
                empty = empty and not lines
                joined[-1] += [(" | ", None)] if index else []
                joined[-1] += lines[0] if lines else []
                joined += [list(line) for line in lines[1:]]
            if not empty:
                yield from joined

    def _mark(self, properties: Element | None, style: str) -> str:
        here = child(properties, "numPr")
        for _ in range(10):  # styles may be based on one another in a ring
            if here is not None or style not in self._styles:
                break
            here = child(child(self._styles[style], "pPr"), "numPr")
            style = _value(self._styles[style], "basedOn") or ""
        if here is None:
            return ""
        level = _value(here, "ilvl") or "0"
        return self._numbering.mark(
            _value(here, "numId") or "", int(level) if level.isdigit() and len(level) < 3 else 0
        )

    def _run_font(self, run: Element) -> str | None:
        properties = child(run, "rPr")
        return _own_font(properties) or self._font(_value(properties, "rStyle") or "")

    def _font(self, style: str) -> str | None:
        if style not in self._fonts:
            self._fonts[style] = None  # a ring of styles ends here
            if style in self._styles:
                at = self._styles[style]
                self._fonts[style] = _own_font(child(at, "rPr")) or self._font(_value(at, "basedOn") or "")
        return self._fonts[style]


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Rows or cells, those inside content controls and tracked insertions included, those of inner tables not."""
    for one in parent:
        if local(one) == name:
            if name != "tr" or child(child(one, "trPr"), "del") is None:
                yield one
        elif local(one) in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _children(one, name)


def _literal(one: Element, name: str) -> str | None:
    if name == "t":
        return one.text or ""
    if name in {"tab", "ptab"}:
        return "\t"
    if name in {"br", "cr"}:
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "softHyphen":
        return "\u00ad"  # dropped later, unless the font shows a letter at this code
    if name == "sym":
        code = attribute(one, "char") or ""
        wing = "wingdings" in (attribute(one, "font") or "").lower()
        return _SYMBOLS.get(int(code, 16) & 0xFF, "•") if wing and code.isalnum() and _hex(code) else "•"
    return None


def _hex(code: str) -> bool:
    return len(code) <= 4 and all(c in "0123456789abcdefABCDEF" for c in code)


def _own_font(properties: Element | None) -> str | None:
    fonts = child(properties, "rFonts")
    if fonts is None:
        return None
    named = [name for key in ("hAnsi", "ascii") if (name := attribute(fonts, key))]
    return next((name for name in named if legacy_fonts.decoder(name)), named[0] if named else None)


def _value(parent: Element | None, name: str) -> str | None:
    at = child(parent, name)
    return attribute(at, "val") if at is not None else None
