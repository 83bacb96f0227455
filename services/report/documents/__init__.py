"""The five files of a report, each drawn from the same `Report` and nothing else: no clock, no locale, no network.

A report whose figures disagree is not drawn (`balance.UnbalancedReport`).
"""

from services.report.model import Report

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render_all(report: Report) -> dict[str, tuple[str, bytes]]:
    """File name -> (media type, bytes). The same report gives the same bytes.

    Raises `UnbalancedReport` when the reconciliation, the topic groups or the stances do not sum to their totals.
    """
    # The writers' libraries take a second to load; a service that starts, or starts again, has no report to draw yet.
    from services.report.documents import balance, docx, html, json, pdf, xlsx

    balance.check(report)
    return {
        "report.docx": (DOCX, docx.render(report)),
        "report.pdf": ("application/pdf", pdf.render(report)),
        "report.html": ("text/html; charset=utf-8", html.render(report)),
        "annex.xlsx": (XLSX, xlsx.render(report)),
        "report.json": ("application/json", json.render(report)),
    }
