"""Slides (.pptx): the paragraphs of every slide and its notes, in order."""

import re

from services.ingest.reading.found import Found, of_text
from services.ingest.reading.package import Package
from services.ingest.reading.runs import Run, text_of
from services.ingest.reading.xml import attribute, child, every, local, parse

_SLIDE = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)([0-9]{1,6})\.xml")


def read(package: Package) -> Found:
    """Raises Unread."""
    names = sorted(
        (int(m.group(2)), m.group(1) != "slides/slide", n) for n in package.names if (m := _SLIDE.fullmatch(n))
    )
    lines: list[list[Run]] = []
    for _, _, name in names:
        for paragraph in every(parse(package.read(name) or b""), "p"):
            line: list[Run] = []
            for run in paragraph:
                if local(run) == "r" and (text := child(run, "t")) is not None:
                    font = child(child(run, "rPr"), "latin")
                    line.append((text.text or "", attribute(font, "typeface") if font is not None else None))
                elif local(run) == "br":
                    lines.append(line)
                    line = []
            lines.append(line)
    return of_text(text_of(lines), pictures=package.has("ppt/media/"))
