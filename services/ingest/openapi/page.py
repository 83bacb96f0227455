"""Where the OpenAPI document is served, and the same as a page for people."""

from typing import Any

from litestar import Response, get

from services.ingest.openapi.document import document
from services.ingest.pages import render
from shared.http import page


@get("/api/openapi.json")
async def openapi_json() -> Response[dict[str, Any]]:
    """The document, for programs."""
    return Response(document(), headers={"Cache-Control": "public, max-age=300"})


@get("/api/tai-lieu")
async def openapi_html() -> Response[str]:
    """The document as a plain page, without scripts."""
    return page(render("openapi.html", api=document()))
