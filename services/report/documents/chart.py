"""The trend by day, drawn the same every time: SVG for the screen and the PDF, PNG for Word."""

import io
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from services.report.documents.typography import number
from services.report.model import Day

ACCENT = "#b3141d"
INK = "#333333"
FONTS = Path(__file__).parent / "fonts"
TITLE = "Số lượt góp ý và ý kiến theo ngày"
_MOST_LABELS = 12
_LONGEST = 400  # days
_FEWEST = 7  # days of room at least, so that one day's bar does not fill the picture
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "ykien", "font.family": "Tinos", "font.size": 11}

_ONE_AT_A_TIME = Lock()  # the settings are global: two drawings at once would take them from one another

fontManager.addfont(FONTS / "Tinos-Regular.ttf")


def trend_svg(days: Sequence[Day], *, title: str = TITLE, description: str = "", font: str = "") -> str:
    """An `<svg>` element with title and description for screen readers; no prolog, so it stands inline in HTML too.

    `font` is a CSS font list to write instead of the built-in one.
    """
    out = io.StringIO()
    with _ONE_AT_A_TIME, mpl.rc_context(_SETTINGS):
        _figure(days).savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].strip()
    names = f'<title id="trend-title">{escape(title)}</title><desc id="trend-desc">{escape(description)}</desc>'
    opening, rest = svg.split(">", 1)
    svg = f'{opening} role="img" aria-labelledby="trend-title trend-desc">{names}{rest}'
    return svg.replace("'Tinos'", font or "'Tinos', 'Times New Roman', 'Liberation Serif', serif")


def trend_png(days: Sequence[Day], *, dpi: int = 200) -> bytes:
    """The same picture in pixels."""
    out = io.BytesIO()
    with _ONE_AT_A_TIME, mpl.rc_context(_SETTINGS):
        _figure(days).savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def _filled(days: Sequence[Day]) -> Sequence[Day]:
    """Every day from the first to the last, so that the axis is true; a span of years stays as it is."""
    first, last = days[0].day, days[-1].day
    span = (last - first).days + 1
    if not 0 < span <= _LONGEST:
        return days
    known = {d.day: d for d in days}
    return [known.get(day, Day(day=day)) for day in (first + timedelta(days=n) for n in range(span))]


def _figure(days: Sequence[Day]) -> Figure:
    # Inches: the width of the text; room at the sides, for a screen's font is wider than Tinos.
    figure = Figure(figsize=(6.5, 2.9), layout=ConstrainedLayoutEngine(w_pad=0.14))
    axes = figure.subplots()
    font = FontProperties(fname=str(FONTS / "Tinos-Regular.ttf"), size=11)
    if not days:
        axes.text(0.5, 0.5, "Chưa có số liệu theo ngày", ha="center", va="center", fontproperties=font)
        axes.set_axis_off()
        return figure
    days = _filled(days)
    at = range(len(days))
    axes.bar(at, [d.submissions for d in days], width=0.62, color=ACCENT, label="Lượt góp ý")
    axes.plot(at, [d.opinions for d in days], color=INK, marker="o", markersize=3.5, linewidth=1.4, label="Ý kiến")
    step = -(-len(days) // _MOST_LABELS)
    axes.set_xticks(list(at)[::step], [f"{d.day.day}/{d.day.month}" for d in days][::step])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value))))
    axes.set_ylim(bottom=0, top=max(1, *(max(d.submissions, d.opinions) for d in days)) * 1.08)
    room = max(0, _FEWEST - len(days)) / 2
    axes.set_xlim(-0.6 - room, len(days) - 0.4 + room)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.16), ncols=2, frameon=False, borderaxespad=0)
    return figure
