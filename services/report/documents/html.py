"""report.html: the blocks as one accessible page that needs nothing else and prints as A4."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from services.report.documents import letterhead as words
from services.report.documents.blocks import Block, Chart, cell_text
from services.report.documents.chart import trend_svg
from services.report.documents.outline import outline
from services.report.model import Report


def render(report: Report) -> bytes:
    """The whole page in UTF-8; every text is escaped, nothing is fetched, no script runs."""

    def chart(block: Block) -> Markup:
        if not isinstance(block, Chart):
            return Markup()
        svg = trend_svg(report.days, title=block.caption, description=block.description)
        return Markup(svg)  # noqa: S704 - drawn by us; title and description are escaped there

    page = _template().render(
        head=words.letterhead(report),
        party_name=words.PARTY,
        state_name=words.STATE,
        motto=words.MOTTO,
        title=f"Báo cáo {words.abstract(report)}",
        blocks=outline(report),
        chart=chart,
    )
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell_text
    return environment.get_template("report.html")
