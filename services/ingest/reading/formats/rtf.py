r"""Rich Text Format 1.9.1: paragraphs, tables, notes and text boxes, with each run's font, for `\'xx` means what its font's charset says.

striprtf knows neither the fonts' charsets nor deleted text, and old Vietnamese files need both.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.ingest.reading import found, legacy_fonts
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.runs import Run, text_of

_TOKEN = re.compile(
    r"\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\([^A-Za-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_CHARSETS = {  # \fcharsetN -> code page
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
}  # fmt: skip
_SKIPPED = {
    "colortbl", "stylesheet", "info", "pict", "objdata", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "colorschememapping",
    "datastore", "latentstyles", "xmlnstbl", "fldinst", "filetbl", "mmathPr", "pgptbl", "sp", "nonshppict", "bkmkstart", "bkmkend",
    "atnid", "atnauthor", "atndate", "atnref", "atntime", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "wgrffmtfilter", "private", "falt",
    "panose",
    "pntxta", "pntxtb", "userprops", "docvar", "template", "background", "do",
}  # fmt: skip
_STARRED_KEPT = {"shpinst", "shppict", "annotation", "ud", "footnote"}
_SIGNS = {
    "tab": "\t", "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c",
    "rdblquote": "\u201d", "bullet": "\u2022", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SYMBOLS = {"~": " ", "-": "\u00ad", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_ENDS = {"par", "line", "page", "sect", "row", "nestrow"}
_MAX_DEPTH = 500


@dataclass(frozen=True)
class _State:
    skip: bool = False
    font: int | None = None
    deleted: bool = False
    uc: int = 1
    fonts: bool = False  # inside the font table
    aside: bool = False  # inside a note or comment
    upr: bool = False


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self.pictures = False
        self._names: dict[int, str] = {}
        self._charset: dict[int, str] = {}
        self._page = "cp1252"
        self._default: int | None = None
        self._state = _State()
        self._stack: list[_State] = []
        self._bytes = bytearray()
        self._pending = 0  # characters after \u that only old readers show
        self._high = ""  # the first half of a pair of surrogates
        self.lines: list[list[Run]] = [[]]
        self.aside: list[list[Run]] = [[]]
        self._cells = 0

    def run(self) -> None:
        star = False
        for token in self._tokens():
            code, word, number, symbol, brace, text = token.groups()
            if code is None:
                self._flush()
            if brace:
                self._brace(brace)
                star = False
            elif code is not None:
                self._byte(int(code, 16))
            elif symbol is not None:
                star = symbol == "*" or star
                if symbol != "*":
                    self._sign(symbol)
            elif word is not None:
                self._word(word, int(number) if number else None, star)
                star = False
            elif text:
                self._text(text)
        self._flush()

    def _tokens(self) -> Iterator[re.Match[str]]:
        at = 0
        while match := _TOKEN.match(self._source, at):
            at = match.end()
            yield match
            if match.group(2) == "bin":  # so many raw bytes follow
                at += max(0, int(match.group(3) or 0))

    def _brace(self, brace: str) -> None:
        self._pending = 0
        if brace == "{":
            if len(self._stack) >= _MAX_DEPTH:
                raise Unread(found.BOMB, "nesting")
            self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()

    def _word(self, word: str, number: int | None, star: bool) -> None:
        state = self._state
        if word == "pict":
            self.pictures = True
        if word in _SKIPPED or (star and word not in _STARRED_KEPT):
            if not (word == "object" or state.skip):  # an object's picture is skipped, its result is text
                self._state = replace(state, skip=True)
        elif word == "fonttbl":
            self._state = replace(state, fonts=True)
        elif word == "ansicpg" and number is not None:
            self._page = _known(f"cp{number}") or self._page
        elif word == "deff":
            self._default = number
        elif word == "f":
            self._state = replace(state, font=number)
        elif word == "fcharset" and state.fonts and state.font is not None:
            page = _CHARSETS.get(number or 0)
            if page and number:
                self._charset[state.font] = page
        elif word == "plain":
            self._state = replace(state, font=None, deleted=False)
        elif word == "deleted":
            self._state = replace(state, deleted=number != 0)
        elif word == "uc":
            self._state = replace(state, uc=min(number or 0, 10))
        elif word in {"footnote", "annotation"}:
            self._state = replace(state, aside=True)
            self.aside.append([])
        elif word == "upr":
            self._state = replace(state, upr=True)
        elif word == "ud":
            self._state = replace(state, skip=False)
        elif word == "u" and number is not None:
            self._unicode(number % 65536)
        elif word in _ENDS:
            self._end(word)
        elif word in {"cell", "nestcell"}:
            self._out(" | ")
        elif word in _SIGNS:
            self._out(_SIGNS[word])

    def _unicode(self, code: int) -> None:
        self._pending = self._state.uc
        if 0xD800 <= code < 0xDC00:
            self._high = chr(code)
            return
        pair = (self._high + chr(code)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self._high = ""
        self._out(pair)

    def _sign(self, symbol: str) -> None:
        if self._pending:
            self._pending -= 1
        elif symbol in "\r\n":
            self._end("par")
        elif symbol in _SYMBOLS:
            self._out(_SYMBOLS[symbol])

    def _byte(self, code: int) -> None:
        if self._pending:
            self._pending -= 1
        else:
            self._bytes.append(code)

    def _text(self, text: str) -> None:
        skipped = min(self._pending, len(text))
        self._pending -= skipped
        text = text[skipped:]
        if self._state.fonts and not self._state.skip:
            if self._state.font is not None and (name := text.split(";")[0].strip()):
                self._names[self._state.font] = self._names.get(self._state.font, "") + name
        elif text:
            self._bytes += text.encode("latin-1", "replace")
            self._flush()

    def _font(self) -> int | None:
        return self._state.font if self._state.font is not None else self._default

    def _flush(self) -> None:
        if not self._bytes:
            return
        data, self._bytes = bytes(self._bytes), bytearray()
        if self._state.fonts:
            return
        font = self._font()
        legacy = legacy_fonts.decoder(self._names.get(font)) if font is not None else None
        page = "latin-1" if legacy else self._charset.get(font, self._page) if font is not None else self._page
        self._out(data.decode(page, "replace"))

    def _out(self, text: str) -> None:
        if self._state.skip or self._state.deleted or self._state.fonts:
            return
        font = self._font()
        lines = self.aside if self._state.aside else self.lines
        lines[-1].append((text, self._names.get(font) if font is not None else None))

    def _end(self, word: str) -> None:
        if self._state.skip or self._state.deleted:
            return
        lines = self.aside if self._state.aside else self.lines
        if word in {"row", "nestrow"} and lines[-1] and lines[-1][-1][0] == " | ":
            lines[-1].pop()  # every cell ends with the mark, the last one too
        lines.append([])


def _known(page: str) -> str | None:
    if page == "cp65001":
        return "utf-8"
    try:
        return codecs.lookup(page).name
    except LookupError:
        return None


def read(data: bytes) -> Found:
    """Raises Unread."""
    reader = _Reader(data.decode("latin-1"))
    reader.run()
    ended = reader.lines if reader.lines[-1] else reader.lines[:-1]
    return of_text(text_of([*ended, *filter(None, reader.aside)]), pictures=reader.pictures)
