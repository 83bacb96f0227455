"""The OpenAPI document against the routes there are, and against itself."""

import html
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from services.ingest.app import ROUTES
from services.ingest.openapi.document import document
from services.ingest.openapi.page import openapi_html, openapi_json
from services.ingest.pages import render
from shared.partner_keys import signature

FOR_PROGRAMS = re.compile(r"^/(api/v1|channels)/")


def served() -> set[tuple[str, str]]:
    """Method and path of every route for programs, as the document writes them."""
    return {
        (method.lower(), re.sub(r"{(\w+):\w+}", r"{\1}", path))
        for route in ROUTES
        for path in route.paths
        for method in route.http_methods
        if FOR_PROGRAMS.match(path)
    }


def test_every_route_for_programs_is_in_the_document_and_nothing_else_is() -> None:
    described = {(method, path) for path, methods in document()["paths"].items() for method in methods}
    assert described == served()


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    whole = document()
    schemas = whole["components"]["schemas"]
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(whole)))
    assert refs <= set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for operation in operations():
        for requirement in operation["security"]:
            assert set(requirement) <= set(whole["components"]["securitySchemes"])


def test_every_operation_can_be_asked_again_later_and_says_what_it_answers() -> None:
    ids = [operation["operationId"] for operation in operations()]
    assert len(ids) == len(set(ids))
    for operation in operations():
        assert operation["summary"]
        assert "503" in operation["responses"]
        assert "Retry-After" in operation["responses"]["503"]["headers"]
        for status, response in operation["responses"].items():
            (media,) = response["content"]
            assert media == ("application/json" if status.startswith("2") else "application/problem+json")


def test_the_document_names_neither_recipients_nor_text_hashes_of_a_status() -> None:
    schemas = document()["components"]["schemas"]
    assert "recipients" not in json.dumps(document())
    assert "text_sha256" not in schemas["Status"]["properties"]


def test_the_routes_of_the_document_are_part_of_the_service() -> None:
    assert openapi_json in ROUTES
    assert openapi_html in ROUTES


def operations() -> list[dict[str, Any]]:
    return [operation for methods in document()["paths"].values() for operation in methods.values()]


def test_the_page_shows_letters_as_they_are_and_how_a_partner_proves_itself() -> None:
    shown = html.unescape(render("openapi.html", api=document()))
    assert "Đề nghị bổ sung chỉ tiêu trồng rừng" in shown
    assert "\\u1" not in shown
    assert "Authorization: Bearer ykp_..." in shown


def test_the_shell_example_signs_as_the_server_expects(tmp_path: Path) -> None:
    shown = html.unescape(render("openapi.html", api=document()))
    found = re.search(r"<pre[^>]*>(path=.*?)</pre>", shown, re.DOTALL)
    assert found
    script = found[1].partition("curl ")[0] + 'echo "$time" "$mac"'
    (tmp_path / "lo.ndjson").write_bytes(b'{"id": "1", "text": "x"}\n')
    env = {"PATH": os.environ["PATH"], "KHOA_KY": "yks_khoa"}
    ran = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    time, mac = ran.stdout.split()
    path, body = "/channels/partner/ma-doi-tac/batch", (tmp_path / "lo.ndjson").read_bytes()
    assert f"v1={mac}" == signature(
        "yks_khoa", timestamp=time, method="POST", path=path, body=body, idempotency_key=None
    )
