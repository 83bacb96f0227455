"""A report as a sequence of blocks: the one content that DOCX, PDF and HTML draw, each in its own way."""

from dataclasses import dataclass
from typing import Literal

from services.report.documents import typography

Cell = str | int | float | None  # a text, a count, a share of one, nothing


def cell_text(cell: Cell) -> str:
    """A cell as it is printed; an absent figure is a dash, which a zero is not."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    return typography.number(cell) if isinstance(cell, int) else typography.percent(cell)


@dataclass(frozen=True)
class Heading:
    """Level 1: `I- TÌNH HÌNH`; 2: `1. Kênh tiếp nhận`; 3: `4.1. Nhóm 1`."""

    level: Literal[1, 2, 3]
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Para:
    """A paragraph of the body."""

    text: str
    kind: Literal["para"] = "para"


@dataclass(frozen=True)
class Quote:
    """A respondent's words, verbatim, and where they come from."""

    text: str
    source: str
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Column:
    """`weight` is a share of the table's width; figures stand right, texts left."""

    label: str
    weight: float
    figures: bool = True


@dataclass(frozen=True)
class Table:
    """A bordered table; the first row repeats on every page, `total` says that the last row is a sum."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    wide: bool = False  # needs a landscape page
    whole: bool = False  # not torn by a page end
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Chart:
    """The trend by day; writers draw it from `chart.py`."""

    caption: str
    description: str  # the figures in words, for those who cannot see the picture
    kind: Literal["chart"] = "chart"


Block = Heading | Para | Quote | Table | Chart
