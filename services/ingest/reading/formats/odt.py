"""OpenDocument text (.odt, OASIS ODF 1.3): paragraphs, lists, tables, notes, frames, comments; deleted text left out."""

from collections.abc import Iterator

from services.ingest.reading import found
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.package import Package
from services.ingest.reading.runs import Run, text_of
from services.ingest.reading.xml import Element, attribute, child, every, local, parse

_LEFT_OUT = {
    "tracked-changes",
    "sequence-decls",
    "forms",
    "note-citation",
    "table-of-content",
    "alphabetical-index",
    "creator",
    "date",
}
_ASIDE = {"note-body", "annotation"}  # after the text
_FLOATING = {"text-box"}  # after its paragraph
_MAX_SPACES = 100


def encrypted(package: Package) -> bool:
    """ODF says in its manifest which parts are encrypted (ODF 1.3 part 2, 4.3)."""
    manifest = package.read("META-INF/manifest.xml")
    return manifest is not None and b"encryption-data" in manifest


def read(package: Package) -> Found:
    """Raises Unread."""
    if encrypted(package):
        raise Unread(found.ENCRYPTED)
    content = package.read("content.xml")
    if content is None:
        raise Unread(found.MALFORMED, "no content part")
    root = parse(content)
    document = _Document(root, package.read("styles.xml"))
    body = child(child(root, "body"), "text")
    lines = list(document.lines(body))
    while document.aside:  # a comment on a note is found while the note is read
        lines.extend(document.lines(document.aside.pop(0)))
    return of_text(text_of(lines), pictures=package.has("Pictures/"))


class _Document:
    def __init__(self, root: Element, styles: bytes | None) -> None:
        roots = [root, parse(styles)] if styles else [root]
        self._styles = {attribute(s, "name") or "": s for r in reversed(roots) for s in every(r, "style")}
        faces = {attribute(f, "name"): attribute(f, "font-family") for r in roots for f in every(r, "font-face")}
        self._faces = {name: (family or "").strip("'\"") for name, family in faces.items() if name}
        self._fonts: dict[str, str | None] = {}
        self._ordered = {
            attribute(s, "name") or "": {
                int(attribute(level, "level") or 1): (
                    (attribute(level, "num-prefix") or "", attribute(level, "num-suffix") or "")
                    if local(level).endswith("number") and attribute(level, "num-format")
                    else None
                )
                for level in s
                if (attribute(level, "level") or "1").isdigit()
            }
            for r in reversed(roots)
            for s in every(r, "list-style")
        }
        self.aside: list[Element] = []

    def lines(self, parent: Element | None) -> Iterator[list[Run]]:
        for one in parent if parent is not None else ():
            name = local(one)
            if name in {"p", "h"}:
                yield from self._paragraph(one)
            elif name == "list":
                yield from self._list(one, attribute(one, "style-name") or "", 1)
            elif name == "table":
                yield from self._table(one)
            elif name not in _LEFT_OUT:
                yield from self.lines(one)

    def _paragraph(self, paragraph: Element, mark: str = "") -> Iterator[list[Run]]:
        runs: list[Run] = []
        boxes: list[Element] = []
        self._runs(paragraph, None, runs, boxes)
        line: list[Run] = [(mark, None)] if mark and any(text.strip() for text, _ in runs) else []
        for text, font in runs:
            first, *more = text.split("\n")
            line.append((first, font))
            for part in more:
                yield line
                line = [(part, font)]
        yield line
        for box in boxes:
            yield from self.lines(box)

    def _runs(self, parent: Element, font: str | None, runs: list[Run], boxes: list[Element]) -> None:
        style = attribute(parent, "style-name")
        font = (self._font(style) if style else None) or font
        if parent.text:
            runs.append((_white(parent.text), font))
        for one in parent:
            name = local(one)
            if name in _ASIDE:
                self.aside.append(one)
            elif name in _FLOATING:
                boxes.append(one)
            elif name == "s":
                count = attribute(one, "c") or "1"
                runs.append((" " * min(int(count), _MAX_SPACES) if count.isdigit() and len(count) < 6 else " ", font))
            elif name == "tab":
                runs.append(("\t", font))
            elif name == "line-break":
                runs.append(("\n", font))
            elif name and name not in _LEFT_OUT:
                self._runs(one, font, runs, boxes)
            if one.tail:
                runs.append((_white(one.tail), font))

    def _list(self, parent: Element, style: str, level: int) -> Iterator[list[Run]]:
        form = self._ordered.get(style, {}).get(level)
        number = 0
        for item in parent:
            if local(item) not in {"list-item", "list-header"}:
                continue
            start = attribute(item, "start-value") or ""
            number = int(start) if start.isdigit() and len(start) < 6 else number + (local(item) == "list-item")
            mark = f"{form[0]}{number}{form[1] or '.'} " if form else "- "
            for one in item:
                if local(one) in {"p", "h"}:
                    yield from self._paragraph(one, mark if local(item) == "list-item" else "")
                    mark = ""  # the item's further paragraphs have none
                elif local(one) == "list":
                    yield from self._list(one, attribute(one, "style-name") or style, level + 1)

    def _table(self, table: Element) -> Iterator[list[Run]]:
        for one in table:
            if local(one) in {"table-header-rows", "table-rows", "table-row-group"}:
                yield from self._table(one)
            elif local(one) == "table-row":
                yield from self._row(one)

    def _row(self, row: Element) -> Iterator[list[Run]]:
        joined: list[list[Run]] = [[]]
        empty = True
        for index, cell in enumerate(c for c in row if local(c) == "table-cell"):
            lines = [line for line in self.lines(cell) if any(text.strip() for text, _ in line)]
            empty = empty and not lines
            joined[-1] += [(" | ", None)] if index else []
            joined[-1] += lines[0] if lines else []
            joined += [list(line) for line in lines[1:]]
        if not empty:
            yield from joined

    def _font(self, style: str) -> str | None:
        if style not in self._fonts:
            self._fonts[style] = None  # a ring of styles ends here
            at = self._styles.get(style)
            if at is not None:
                properties = child(at, "text-properties")
                face = (
                    (attribute(properties, "font-name") or attribute(properties, "font-family"))
                    if properties is not None
                    else None
                )
                own = self._faces.get(face, face) if face else None
                parent = attribute(at, "parent-style-name")
                self._fonts[style] = own or (self._font(parent) if parent else None)
        return self._fonts[style]


def _white(text: str) -> str:
    """Runs of white space in the XML are one space (ODF 1.3 part 3, 6.1.2)."""
    out: list[str] = []
    for c in text:
        if c in " \t\r\n":
            if not out or out[-1] != " ":
                out.append(" ")
        else:
            out.append(c)
    return "".join(out)
