"""Word 97-2003 (.doc): text pieces, fonts and deleted runs after [MS-DOC], the container by olefile.

The text of the main document, then footnotes, comments, endnotes and text boxes stand one after the other in the piece table
(2.8.35 PlcPcd); headers and footers are left out. Fonts and deletions come from the character formatting (2.9.33 ChpxFkp).
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator

import olefile  # type: ignore[import-untyped]

from services.ingest.reading import found
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.runs import Run, text_of

_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE1 = 0x0100, 0x0200  # flags of FibBase
_OLD = 0x00C1  # nFib of Word 97; older files are built otherwise
_COUNTS = 0x4C  # ccpText in FibRgLw97
_PAIRS = 0x9A  # FibRgFcLcb97
_BTE_CHPX, _FONTS, _CLX = 12, 15, 33  # index of the pair (offset, length) in it
_FONT, _DELETED, _SPECIAL, _PICTURE = 0x4A4F, 0x0800, 0x0855, 0x6A03  # sprms
_PAGE = 512
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # operand of a sprm by its spra
_TABLE_DEF, _TABS = 0xD608, 0xC615  # the two with sizes of their own
_MAX_CHARACTERS = 4_000_000
_Format = tuple[int | None, bool]  # font, deleted


def read(ole: olefile.OleFileIO) -> Found:
    """Raises Unread."""
    word = ole.openstream("WordDocument").read()
    magic, version = struct.unpack_from("<HH", word)
    (flags,) = struct.unpack_from("<H", word, 0x0A)
    if magic != _MAGIC or version < _OLD:
        raise Unread(found.UNSUPPORTED, "word before 97")
    if flags & _ENCRYPTED:
        raise Unread(found.ENCRYPTED)
    table = ole.openstream("1Table" if flags & _TABLE1 else "0Table").read()
    document = _Document(word, table)
    # A picture in the text is a \x01 with its data in the stream "Data".
    pictures = "\x01" in document.text or "\x08" in document.text
    return of_text(text_of(document.lines()), pictures=pictures)


class _Document:
    def __init__(self, word: bytes, table: bytes) -> None:
        self._word, self._table = word, table
        counts = struct.unpack_from(
            "<8I", word, _COUNTS
        )  # text, footnotes, headers, macros, comments, endnotes, boxes, boxes in headers
        self._counts = counts
        self._fonts = self._font_names()
        self._starts, self._formats = self._formatting()
        self._runs = list(self._pieces())
        self.text = "".join(text for text, _ in self._runs)

    def _pair(self, index: int) -> bytes:
        at, size = struct.unpack_from("<II", self._word, _PAIRS + 8 * index)
        return self._table[at : at + size]

    def _pieces(self) -> Iterator[tuple[str, _Format]]:
        clx = self._pair(_CLX)
        at = 0
        while at < len(clx) and clx[at] == 1:  # Prc: formatting of pieces, not needed
            at += 3 + int.from_bytes(clx[at + 1 : at + 3], "little")
        if at >= len(clx) or clx[at] != 2:
            raise Unread(found.MALFORMED, "piece table")
        plc = clx[at + 5 : at + 5 + int.from_bytes(clx[at + 1 : at + 5], "little")]
        count = (len(plc) - 4) // 12
        bounds = struct.unpack_from(f"<{count + 1}I", plc)
        if bounds[-1] > _MAX_CHARACTERS:
            raise Unread(found.BOMB, "characters")
        for number in range(count):
            (fc,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
            length = bounds[number + 1] - bounds[number]
            narrow = bool(fc & 0x40000000)
            start = (fc & 0x3FFFFFFF) // 2 if narrow else fc & 0x3FFFFFFF
            yield from self._piece(start, max(0, length), 1 if narrow else 2)

    def _piece(self, start: int, length: int, width: int) -> Iterator[tuple[str, _Format]]:
        end = min(start + length * width, len(self._word))
        while start < end:
            index = bisect_right(self._starts, start) - 1
            stop = min(end, self._starts[index + 1]) if index + 1 < len(self._starts) else end
            stop = max(stop - (stop - start) % width, start + width)
            data = self._word[start:stop]
            yield (
                data.decode("cp1252" if width == 1 else "utf-16-le", "replace"),
                self._formats[index] if index >= 0 else (None, False),
            )
            start = stop

    def _formatting(self) -> tuple[list[int], list[_Format]]:
        plc = self._pair(_BTE_CHPX)
        count = max(0, (len(plc) - 4) // 8)
        pages = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ()
        found_at: dict[int, _Format] = {}
        for page in pages:
            fkp = self._word[(page & 0x3FFFFF) * _PAGE :][:_PAGE]
            if len(fkp) < _PAGE:
                continue
            runs = fkp[-1]
            if 5 * runs + 4 > _PAGE:
                continue
            bounds = struct.unpack_from(f"<{runs + 1}I", fkp)
            for number in range(runs):
                at = fkp[4 * (runs + 1) + number] * 2
                found_at[bounds[number]] = _chpx(fkp[at + 1 : at + 1 + fkp[at]]) if at else (None, False)
            found_at.setdefault(bounds[runs], (None, False))
        starts = sorted(found_at)
        return starts, [found_at[start] for start in starts]

    def _font_names(self) -> list[str]:
        table = self._pair(_FONTS)  # SttbfFfn: 2.9.286
        names: list[str] = []
        at = 4
        while at < len(table):
            size = table[at]
            ffn = table[at + 1 : at + 1 + size]
            names.append(ffn[39:].decode("utf-16-le", "replace").partition("\0")[0])
            at += 1 + size
        return names

    def lines(self) -> Iterator[list[Run]]:
        main, notes, headers, macros, comments, ends, boxes, _ = self._counts
        kept = [
            (0, main + notes),
            (main + notes + headers + macros, main + notes + headers + macros + comments + ends + boxes),
        ]
        for low, high in kept:
            yield from _lines(self._between(low, high))

    def _between(self, low: int, high: int) -> Iterator[Run]:
        at = 0
        for text, (font, deleted) in self._runs:
            inside = text[max(0, low - at) : max(0, high - at)]
            at += len(text)
            if inside and not deleted:
                yield inside, self._fonts[font] if font is not None and font < len(self._fonts) else None


def _chpx(grpprl: bytes) -> _Format:
    """The font and the deletion among the properties of a run (2.6.1)."""
    font: int | None = None
    deleted = False
    at = 0
    while at + 2 <= len(grpprl):
        (sprm,) = struct.unpack_from("<H", grpprl, at)
        at += 2
        spra = sprm >> 13
        size = _SIZES.get(spra)
        if size is None:
            if at >= len(grpprl):
                break
            size = 1 + grpprl[at]
        operand = grpprl[at : at + size]
        at += size
        if sprm == _FONT and len(operand) == 2:
            font = int.from_bytes(operand, "little")
        elif sprm == _DELETED and operand:
            deleted = operand[0] == 1
    return font, deleted


def _lines(runs: Iterator[Run]) -> Iterator[list[Run]]:
    r"""Marks of [MS-DOC] 2.4.1: \r ends a paragraph, \x07 a cell or (doubled) a row, \x0b a line, \x0c a page.

    Fields are \x13 code \x14 result \x15.
    """
    line: list[Run] = []
    rows = _Rows()
    depth: list[bool] = []  # of each open field: are we in its code?
    for text, font in runs:
        buffer = ""
        for c in text:
            if c == "\x13":
                depth.append(True)
            elif c == "\x14" and depth:
                depth[-1] = False
            elif c == "\x15" and depth:
                depth.pop()
            elif any(depth):
                continue
            elif c in "\r\x0b\x0c\x07":
                line.append((buffer, font))
                buffer = ""
                yield from rows.end(line, cell=c == "\x07")
                line = []
            elif c == "\x1e":
                buffer += "-"
            elif c == "\x1f":
                buffer += "\u00ad"
            elif c >= " " or c == "\t":
                buffer += c
        line.append((buffer, font))
    yield from rows.end(line, cell=False)
    yield from rows.rest()


class _Rows:
    """Puts cells together: a row ends with a cell mark right after a cell mark."""

    def __init__(self) -> None:
        self._cells: list[list[list[Run]]] = []
        self._waiting: list[list[Run]] = []

    def end(self, line: list[Run], *, cell: bool) -> Iterator[list[Run]]:
        empty = not any(text.strip() for text, _ in line)
        if not cell:
            if self._cells:
                self._waiting.append(line)
            else:
                yield line
            return
        if empty and not self._waiting and self._cells:
            yield from self._row()
            return
        self._cells.append([*self._waiting, line])
        self._waiting = []

    def _row(self) -> Iterator[list[Run]]:
        row, self._cells = self._cells, []
        joined: list[list[Run]] = [[]]
        for index, lines in enumerate(row):
            joined[-1] += [(" | ", None)] if index else []
            joined[-1] += lines[0]
            joined += lines[1:]
        yield from joined

    def rest(self) -> Iterator[list[Run]]:
        if self._cells:
            yield from self._row()
        yield from self._waiting
