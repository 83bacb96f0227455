"""HTML as lines of text. Nothing is fetched; what a reader would not see is left out; quotes and signatures are marked.

lxml, walked without recursion: inscriptis falls over at a few thousand nested elements, nh3 is quadratic in them, and neither
tells what is quoted.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import etree

from services.ingest.mail import lines
from services.ingest.mail.lines import Kind, Line, clean
from services.ingest.reading import legacy_fonts

_SKIPPED = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "noframes",
    "xml",
    "select",
    "object",
    "applet",
    "svg",
    "math",
    "meta",
    "link",
}
_PARAGRAPH = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "pre",
    "form",
    "fieldset",
}
_BLOCK = {"div", "li", "tr", "dt", "dd", "hr", "center", "section", "article", "header", "footer", "main", "address", "body",
          "caption", "thead", "tbody", "tfoot", "td", "th", "figure", "figcaption", "aside", "nav", "details", "summary",
          "option"}  # fmt: skip
_MAX_TABLES = 20  # deeper tables are read as plain blocks
_MAX_CELL_LINES = 3
_QUOTE_CLASSES = {"yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "skype_quoted"}
_SIGNATURE_CLASSES = {"gmail_signature", "moz-signature", "protonmail_signature_block"}
_UNSHOWN = re.compile(r"<(script|style|head)\b[^<>]{0,2000}>[^<]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[!/a-zA-Z][^<>]*>")
_PRE = re.compile(r"white-space:(?:pre|break-spaces)")
_FAMILY = re.compile(r"font(?:-family)?:[^;]*?((?:\.vn|vni-)[^,;\"']*)")


def read(html: str) -> list[Line] | None:
    """The lines; None when it is nested so deep that libxml2 gives up and would lose what is in there."""
    data = clean(html).encode("utf-8", "replace")
    if not data.strip():
        return []
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, recover=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # not one element in it
        root = None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        return None
    return _Walk().run(root) if root is not None else []


def bare(html: str, room: int) -> list[Line]:
    """The text between the tags, without layout: for HTML too deep or too large to be read as a tree."""
    shown = _UNSHOWN.sub(" ", html)
    return lines.plain(unescape(_TAG.sub("\n", shown)), room)


@dataclass
class _Frame:
    """What is being written: the mail, or one cell of a table."""

    lines: list[Line] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    cids: list[str] = field(default_factory=list)
    prefix: str = ""


@dataclass
class _State:
    """What holds inside an element, restored at its end."""

    depth: int = 0
    sure: bool = False
    kind: Kind = Kind.TEXT
    pre: bool = False
    font: str | None = None


class _Walk:
    def __init__(self) -> None:
        self.frames = [_Frame()]
        self.rows: list[list[list[Line]]] = []
        self.states = [_State()]
        self.counters: list[int | None] = []  # of the open lists; None: bullets

    def run(self, root: Any) -> list[Line]:
        hidden: Any = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start" and hidden is None:
                if tag in _SKIPPED or _hidden(element):
                    hidden = element
                else:
                    self._start(element, tag)
                    self._text(element.text)
            elif event == "end":
                if hidden is None:
                    self._end(element, tag)
                elif hidden is element:
                    hidden = None
                if hidden is None:
                    self._text(element.tail)
        self._flush()
        return self.frames[0].lines

    @property
    def _frame(self) -> _Frame:
        return self.frames[-1]

    @property
    def _state(self) -> _State:
        return self.states[-1]

    def _start(self, element: Any, tag: str) -> None:
        if tag in _PARAGRAPH:
            self._paragraph(element)
        elif tag in _BLOCK:
            self._flush()
        state, marked = _entered(element, tag, self._state)
        if marked:
            self._flush()
        self.states.append(state)
        if tag == "hr" and state.kind is Kind.HISTORY:
            self._frame.lines.append(Line("", kind=Kind.HISTORY))
        elif tag == "br":
            self._flush(always=True)
        elif tag == "img":
            source = (element.get("src") or "").strip()
            if source[:4].lower() == "cid:":
                self._frame.cids.append(source[4:])
        elif tag in {"ul", "ol"}:
            self.counters.append(_number(element.get("start"), 1) if tag == "ol" else None)
        elif tag == "li":
            self._frame.prefix = self._bullet(element)
        elif tag == "tr" and len(self.rows) < _MAX_TABLES:
            self.rows.append([])
        elif _is_cell(element, tag) and len(self.frames) <= _MAX_TABLES:
            self.frames.append(_Frame())

    def _end(self, element: Any, tag: str) -> None:
        before = self.states[-2] if len(self.states) > 1 else self._state
        marked = (before.kind, before.depth) != (self._state.kind, self._state.depth)
        if marked or tag in _BLOCK or tag in _PARAGRAPH:
            self._flush()
        self.states.pop()
        if tag in _PARAGRAPH:
            self._paragraph(element)
        if tag in {"ul", "ol"} and self.counters:
            self.counters.pop()
        elif tag == "li":
            self._frame.prefix = ""
        elif _is_cell(element, tag) and len(self.frames) > 1:
            self._cell()
        elif tag == "tr" and self.rows:
            self._row()

    def _cell(self) -> None:
        lines = self.frames.pop().lines
        if self.rows:
            self.rows[-1].append(lines)
        else:
            self._frame.lines += lines

    def _row(self) -> None:
        """A row of a table of data is one line; one that only lays out the page is its cells one below the other."""
        cells = [[line for line in cell if not line.empty] for cell in self.rows[-1]]
        filled = [cell for cell in cells if cell]
        whole = self.rows.pop()
        small = all(
            len(cell) <= _MAX_CELL_LINES
            and all((line.depth, line.kind) == (self._state.depth, self._state.kind) for line in cell)
            for cell in filled
        )
        if len(filled) > 1 and small:
            text = " | ".join(" ".join(line.text for line in cell if line.text) for cell in filled)
            cids = tuple(cid for cell in filled for line in cell for cid in line.cids)
            self._frame.lines.append(
                Line(text.strip(" |"), self._state.depth, self._state.sure, self._state.kind, cids)
            )
        else:
            for cell in whole:
                self._frame.lines += _trimmed(cell)

    def _paragraph(self, element: Any) -> None:
        self._flush()
        parent = element.getparent()
        if self._frame.prefix or (parent is not None and parent.tag in {"li", "ul", "ol"}):
            return  # a paragraph that is the whole of a list's item, a list within a list: no gap
        if self._frame.lines and not self._frame.lines[-1].empty:
            state = self._state
            self._frame.lines.append(
                Line("", state.depth, state.sure, state.kind if state.kind is Kind.SIGNATURE else Kind.TEXT)
            )

    def _bullet(self, element: Any) -> str:
        if not self.counters or self.counters[-1] is None:
            return "- "
        number = _number(element.get("value"), self.counters[-1])
        self.counters[-1] = number + 1
        style = element.getparent().get("type") if element.getparent() is not None else None
        if style in {"a", "A"} and 1 <= number <= 26:
            return f"{chr(ord(style) + number - 1)}. "
        return f"{number}. "

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._state.font:
            text = legacy_fonts.decode(text, self._state.font) or text
        if self._state.pre:
            first, *rest = text.split("\n")
            self._frame.buffer.append(first.replace(" ", "\x00"))
            for one in rest:
                self._flush(always=True)
                self._frame.buffer.append(one.replace(" ", "\x00"))
        else:
            self._frame.buffer.append(text)

    def _flush(self, *, always: bool = False) -> None:
        frame, state = self._frame, self._state
        text = " ".join("".join(frame.buffer).split()).replace("\x00", " ").rstrip()
        if text.strip() or frame.cids:
            text, frame.prefix = frame.prefix + text, ""
        elif not always:
            frame.buffer.clear()
            return
        frame.lines.append(Line(text, state.depth, state.sure, state.kind, tuple(frame.cids)))
        frame.buffer.clear()
        frame.cids.clear()


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without the blank lines at either end."""
    filled = [index for index, line in enumerate(lines) if not line.empty]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _is_cell(element: Any, tag: str) -> bool:
    if tag not in {"td", "th"}:
        return False
    parent = element.getparent()
    return parent is not None and parent.tag == "tr"


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.strip().isascii() and value.strip().isdigit() and len(value) < 7 else default


def _style(element: Any) -> str:
    return (element.get("style") or "")[:2000].lower().replace(" ", "")


def _hidden(element: Any) -> bool:
    style = _style(element)
    if (
        "display:none" in style
        or "visibility:hidden" in style
        or "mso-hide:all" in style
        or element.get("hidden") is not None
    ):
        return True
    if "overflow:hidden" in style and re.search(r"(?:max-)?height:0(?:px|pt|;|$|!)", style):
        return True
    return len(element) == 0 and bool(re.search(r"font-size:0(?:px|pt|em|;|$|!)|opacity:0(?:;|$|!)", style))


def _entered(element: Any, tag: str, outer: _State) -> tuple[_State, bool]:
    """What holds within the element, and whether it begins a quote or a signature."""
    classes = set((element.get("class") or "")[:500].lower().split())
    ident = (element.get("id") or "").lower()
    marker = element.get("data-marker") or ""
    style = _style(element)
    depth, sure, kind = outer.depth, outer.sure, outer.kind
    cite = tag == "blockquote" and ((element.get("type") or "").lower() == "cite" or "gmail_quote" in classes)
    if cite or classes & _QUOTE_CLASSES or marker == "__QUOTED_TEXT__" or ident.startswith("yahoo_quoted"):
        depth, sure = depth + 1, True
    if classes & {"gmail_attr", "moz-cite-prefix"} or ident == "reply-intro":
        kind = Kind.ATTRIBUTION
    elif ident in {"divrplyfwdmsg", "zwchr"} or marker in {"__DIVIDER__", "__HEADERS__"}:
        kind = Kind.HISTORY
    elif "moz-forward-container" in classes:
        kind = Kind.FORWARD
    elif classes & _SIGNATURE_CLASSES or element.get("data-smartmail") == "gmail_signature" or ident == "signature":
        kind = Kind.SIGNATURE
    family = _FAMILY.search(style)
    face = (element.get("face") or "") if tag == "font" else ""
    font = face if face.lower().startswith((".vn", "vni-")) else family[1] if family else None
    if font is None and not face and "font-family:" not in style:
        font = outer.font
    pre = tag == "pre" or bool(_PRE.search(style)) or (outer.pre and "white-space:" not in style)
    return _State(depth, sure, kind, pre, font), (depth, kind) != (outer.depth, outer.kind)
