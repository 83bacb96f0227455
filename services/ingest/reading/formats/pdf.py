"""PDF by PDFium: the text layer, each line put in reading order.

Programs that lack a letter in the chosen font draw it from another one, after the rest of the line: the order in the file is not
the order on the page, and Vietnamese would fall apart. So the characters of one line are sorted by where they stand.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from services.ingest.reading import found, limits
from services.ingest.reading.found import Found, Member, Unread, of_text
from services.ingest.reading.runs import Run, text_of

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_FEW = 10  # letters; a page with fewer and a picture is a scan
_SPACE = 0.18  # of the font's size: a wider gap is a space
_MAX_COMMENTS = 10_000  # on a page
_SHOWN_ALREADY = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}
_SAME_LINE = 0.45  # of the font's size


@dataclass(frozen=True)
class _Char:
    text: str
    left: float
    right: float
    base: float
    size: float
    font: str | None


def read(data: bytes) -> Found:
    """`transcribe` when there are only pictures. Pages of both kinds: the text is read, and a second entry leaves the scans to people.

    Raises Unread.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reading = found.ENCRYPTED if getattr(error, "err_code", None) == _PASSWORD else found.MALFORMED
        raise Unread(reading, "PdfiumError") from error
    if len(document) > limits.MAX_PAGES:
        raise Unread(found.BOMB, "pages")
    lines: list[list[Run]] = []
    comments: list[list[Run]] = []
    scans = 0
    size = 0
    for number in range(len(document)):
        comments += _comments(document[number])
        # Fields that were filled in, stamps and free text become part of the page.
        raw.FPDFPage_Flatten(document[number], raw.FLAT_NORMALDISPLAY)
        page = document[number]
        own = list(_lines(page))
        letters = sum(c.isalnum() for line in own for text, _ in line for c in text)
        scans += letters < _FEW and _has_picture(page)
        lines += _without_number(own, number + 1) if len(document) > 1 else own
        size += letters
        if size > limits.MAX_TEXT:
            raise Unread(found.TOO_LONG)
        page.close()
    whole = of_text(text_of([*lines, *comments]), pictures=scans > 0)
    if whole.reading != found.TEXT or not scans:
        return whole
    return Found(found.TEXT, whole.text, (Member("", "", b"", found.TRANSCRIBE),))


def _comments(page: pdfium.PdfPage) -> Iterator[list[Run]]:
    """What reviewers wrote beside the text (notes, highlights); it stands after it, as in other documents."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_COMMENTS)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if raw.FPDFAnnot_GetSubtype(note) not in _SHOWN_ALREADY:
            size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
            buffer = ctypes.create_string_buffer(size)
            units = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
            raw.FPDFAnnot_GetStringValue(note, b"Contents", units, size)
            text = buffer.raw.decode("utf-16-le", "replace").rstrip("\0").replace("\r", "\n")
            runs: list[Run] = [(line, None) for line in text.split("\n") if line.strip()]
            yield from ([run] for run in runs)
        raw.FPDFPage_CloseAnnot(note)


def _without_number(lines: list[list[Run]], page: int) -> list[list[Run]]:
    """The page's own number at its edge would cut the sentence that runs on overleaf; any other number stays."""
    edges = {0, len(lines) - 1}
    return [
        line
        for at, line in enumerate(lines)
        if at not in edges or "".join(text for text, _ in line).strip(" -–") != str(page)
    ]


def _has_picture(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _lines(page: pdfium.PdfPage) -> Iterator[list[Run]]:
    line: list[_Char] = []
    for char in _characters(page):
        if line and abs(char.base - line[0].base) > _SAME_LINE * max(char.size, line[0].size, 1.0):
            yield _in_order(line)
            line = []
        line.append(char)
    if line:
        yield _in_order(line)


def _in_order(line: list[_Char]) -> list[Run]:
    runs: list[Run] = []
    before: _Char | None = None
    for char in sorted(line, key=lambda c: c.left):
        gap = char.left - before.right if before is not None else 0.0
        if before is not None and gap > _SPACE * max(char.size, 1.0) and not (before.text + char.text).isspace():
            runs.append((" ", char.font))
        if not (char.text == " " and before is not None and before.text == " "):
            runs.append((char.text, char.font))
        before = char
    return runs


def _characters(page: pdfium.PdfPage) -> Iterator[_Char]:
    text = page.get_textpage()
    fonts: dict[bytes, str | None] = {}
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    high = ""
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if raw.FPDFText_IsGenerated(text, index) == 1 and code in {10, 13, 32}:
            continue  # PDFium's own guess of where lines and words end
        raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        size = raw.FPDFText_GetFontSize(text, index)
        raw.FPDFText_GetFontInfo(text, index, name, len(name), flags)
        font = fonts.setdefault(name.value, name.value.decode("utf-8", "replace").rpartition("+")[2])
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        shown = (high + chr(code)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if code else ""
        high = ""
        if shown and shown not in "\r\n":
            yield _Char(
                shown,
                left.value if right.value > left.value else x.value,
                max(right.value, x.value),
                y.value,
                size,
                font,
            )
