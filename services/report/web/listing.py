"""The reports there are, published or not, and their files."""

from dataclasses import dataclass
from urllib.parse import quote

from litestar import Response

from services.report.build import BUILT
from services.report.counts.load import every
from services.report.projection import REPORTS
from services.report.web.service import HttpRequest, Service, service_of
from shared.events import ReportFile, ReportPublished
from shared.problem import of_status


@dataclass(frozen=True)
class Listed:
    """A report and whether the committee has been told."""

    report: ReportPublished
    published: bool


async def reports_of(service: Service, consultation: str) -> tuple[Listed, ...]:
    """Newest first."""
    published = {item.id: item.doc async for item in every(service.store, REPORTS, "by_time", (consultation,))}
    made = {item.id: item.doc async for item in every(service.store, BUILT, "by_time", (consultation,))}
    found = [Listed(ReportPublished.model_validate(doc), id_ in published) for id_, doc in (made | published).items()]
    return tuple(sorted(found, key=lambda x: (x.report.as_of, x.report.report_id), reverse=True))


async def report_file(service: Service, consultation: str, report_id: str, name: str) -> tuple[ReportFile, bytes]:
    """The file and its bytes. Raises Problem 404 when there is no such report or file."""
    stored = await service.store.get(REPORTS, report_id) or await service.store.get(BUILT, report_id)
    if stored is None or stored.doc.get("consultation") != consultation:
        raise of_status(404)
    file = next((f for f in ReportPublished.model_validate(stored.doc).files if f.name == name), None)
    if file is None:
        raise of_status(404)
    try:
        return file, await service.bus.blobs.get(file.sha256)
    except KeyError as error:
        raise of_status(404) from error


async def file_response(request: HttpRequest, consultation: str, report_id: str, name: str) -> Response[bytes]:
    """The bytes of a report's file, HTML and JSON shown, the others saved."""
    file, data = await report_file(service_of(request), consultation, report_id, name)
    shown = name.endswith((".html", ".json", ".pdf"))
    label = quote(f"{report_id.replace(':', '-')}-{name}")
    headers = {"content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{label}"}
    if name.endswith(".html"):  # one self-contained file with its own styles; it runs nothing and loads nothing
        headers["content-security-policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
        )
    # Litestar adds the character set to texts itself.
    return Response(data, media_type=file.media_type.partition(";")[0], headers=headers)
