"""Where the OpenAPI document is served, and the same as a page for people."""

from typing import Any

from litestar import Response, get

from services.ingest import openapi  # the module: it imports the channels, which import this one
from services.ingest.pages import render
from shared.http import page


@get("/api/openapi.json")
async def openapi_json() -> Response[dict[str, Any]]:
    """The document, for programs."""
    return Response(openapi.document(), headers={"Cache-Control": "public, max-age=300"})


@get("/api/tai-lieu")
async def openapi_html() -> Response[str]:
    """The document as a plain page, without scripts."""
    return page(render("openapi.html", api=openapi.document()))
