"""The HTTP side every service has: health, problems in Vietnamese, headers, logs and spans without citizens' data."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import get, post
from litestar.exceptions import TooManyRequestsException
from litestar.testing import TestClient
from pydantic import AwareDatetime, BaseModel, EmailStr, Field, field_validator

from shared import logging as our_logging
from shared.errors import Transient
from shared.events import Stance
from shared.http import create_app, page
from shared.problem import FieldError, Problem, wants_html


class Respondent(BaseModel):
    email: EmailStr | None = None


class Letter(BaseModel):
    text: str = Field(max_length=500)
    stance: Stance | None = None
    at: AwareDatetime | None = None
    respondent: Respondent = Respondent()

    @field_validator("text")
    @classmethod
    def _polite(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("Nội dung góp ý đang để trống.")
        return text


@post("/letters")
async def letters(data: Letter) -> dict[str, str]:
    return {"text": data.text}


@get("/fail/{kind:str}")
async def fail(kind: str) -> None:
    failures: dict[str, Exception] = {
        "transient": Transient("nats"),
        "unexpected": RuntimeError("a secret"),
        "rate": TooManyRequestsException(),
        "own": Problem(
            409,
            "idempotency-key-reused",
            "Khóa đã dùng",
            "Khóa này đã dùng.",
            [FieldError("Idempotency-Key", "Đã dùng.")],
        ),
    }
    raise failures[kind]


@get("/page")
async def a_page() -> Any:
    return page("<p>Chào</p>", headers={"cache-control": "max-age=60"})


class Switch:
    away = False


async def ready() -> None:
    if Switch.away:
        raise Transient("the bus is away")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient[Any]]:
    Switch.away = False
    (tmp_path / "extra.css").write_text("p{}", "utf-8")
    app = create_app(
        service="thu",
        route_handlers=[letters, fail, a_page],
        ready=ready,
        static={"thu": tmp_path},
        request_max_body_size=1000,
    )
    with TestClient(app) as client:
        yield client


def test_health_says_the_process_lives_and_readiness_asks_the_service(client: TestClient[Any]) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "service": "thu"}
    assert client.get("/readyz").status_code == 200
    Switch.away = True
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"


def test_metrics_are_prometheus_text_and_know_routes_not_paths(client: TestClient[Any]) -> None:
    client.get("/fail/own")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'ykien_http_requests_total{method="GET",route="/fail/{kind}",status="409"}' in answer.text
    assert "/fail/own" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/khong-co", 404, "not-found"),
        ("DELETE", "/letters", 405, "method-not-allowed"),
        ("GET", "/fail/transient", 503, "unavailable"),
        ("GET", "/fail/unexpected", 500, "internal"),
        ("GET", "/fail/rate", 429, "too-many-requests"),
        ("GET", "/fail/own", 409, "idempotency-key-reused"),
        ("GET", "/static/../http.py", 404, "not-found"),
    ],
)
def test_every_failure_is_a_vietnamese_problem(
    client: TestClient[Any], method: str, path: str, status: int, slug: str
) -> None:
    answer = client.request(method, path)
    body = answer.json()
    assert (answer.status_code, body["status"], body["type"]) == (status, status, f"https://ykien.vn/problems/{slug}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["title"]
    assert body["detail"]
    assert body["instance"].endswith(answer.headers["x-request-id"])
    assert ("retry-after" in answer.headers) == (status in {429, 503})
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({}, "text", "bắt buộc"),
        ({"text": " "}, "text", "đang để trống"),
        ({"text": 5}, "text", "chuỗi ký tự"),
        ({"text": "a" * 501}, "text", "quá 500 ký tự"),
        ({"text": "a", "stance": "no"}, "stance", "'agree', 'partly_agree'"),
        ({"text": "a", "at": "2025-06-11T00:00:00"}, "at", "múi giờ"),
        ({"text": "a", "respondent": {"email": "nguyen"}}, "respondent.email", "thư điện tử"),
        ([1], "", "đối tượng JSON"),
    ],
)
def test_a_wrong_field_is_named_with_a_vietnamese_reason(
    client: TestClient[Any], body: Any, field: str, reason: str
) -> None:
    answer = client.post("/letters", json=body)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert reason in error["reason"]


@pytest.mark.parametrize("content", [b"{nope", b"\xff\xfe\x00", b'{"text":"\\ud800"}'])
def test_what_is_no_json_is_a_bad_request(client: TestClient[Any], content: bytes) -> None:
    answer = client.post("/letters", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (400, "https://ykien.vn/problems/bad-request")
    assert "không phải là JSON hợp lệ" in answer.json()["errors"][0]["reason"]


def test_a_body_over_the_limit_is_too_large(client: TestClient[Any]) -> None:
    assert client.post("/letters", json={"text": "a" * 2000}).status_code == 413


def test_a_browser_gets_the_problem_as_a_page(client: TestClient[Any]) -> None:
    answer = client.get("/khong-co", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="vi">' in answer.text
    assert "Không tìm thấy" in answer.text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("text/html,*/*", True), ("*/*", False), ("", False), ("application/json, text/html", False)],
)
def test_only_who_asks_for_html_first_gets_html(accept: str, expected: bool) -> None:
    assert wants_html(accept) is expected


@pytest.mark.parametrize("path", ["/page", "/khong-co", "/static/style.css", "/healthz"])
def test_every_answer_carries_the_security_headers(client: TestClient[Any], path: str) -> None:
    headers = client.get(path).headers
    assert "script-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_pages_are_not_kept_by_browsers_unless_they_say_so_and_static_files_are(client: TestClient[Any]) -> None:
    assert client.get("/healthz").headers["cache-control"] == "no-store"
    assert client.get("/page").headers["cache-control"] == "max-age=60"
    assert "max-age=86400" in client.get("/static/style.css").headers["cache-control"]
    assert client.get("/static/thu/extra.css").text == "p{}"


def test_the_request_log_has_ids_and_the_route_but_neither_path_nor_query(
    client: TestClient[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    our_logging.configure("thu")
    answer = client.get("/fail/own?q=lời-của-dân", headers={"accept": "text/html"})
    (line,) = [json.loads(one) for one in capsys.readouterr().err.splitlines() if "http.request" in one]
    assert (line["route"], line["status"], line["request_id"]) == ("/fail/{kind}", 409, answer.headers["x-request-id"])
    assert "lời" not in json.dumps(line, ensure_ascii=False)
    assert "/fail/own" not in json.dumps(line)


SERVER = """
import sys
from litestar import get
from shared.http import create_app, serve
from shared.settings import ServiceSettings
from contextlib import asynccontextmanager

@asynccontextmanager
async def lifespan(app):
    yield
    print("closed", file=sys.stderr, flush=True)

async def ready(): pass

serve(create_app(service="thu", route_handlers=[], ready=ready, lifespan=[lifespan]), ServiceSettings(port=int(sys.argv[1])))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_served_app_ends_with_exit_code_zero_after_a_signal_and_prints_nothing(number: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                    assert answer.status == 200
                break
            except OSError:
                time.sleep(0.1)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, b"")
    assert b"closed" in err


REFUSING = """
import sys
from contextlib import asynccontextmanager
from shared.http import create_app
from shared.process import run
from shared.settings import ServiceSettings
from shared.yaml_model import DefinitionError

@asynccontextmanager
async def lifespan(app):
    raise DefinitionError("channels/email.yaml:1: listener: the port is in use")
    yield

async def ready(): pass

sys.exit(run("thu", ServiceSettings, lambda _: create_app(service="thu", route_handlers=[], ready=ready, lifespan=[lifespan])))
"""


def test_wrong_settings_found_while_starting_end_with_exit_code_two_and_say_why_at_the_end() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", REFUSING], capture_output=True, env=dict(os.environ), timeout=30, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.decode().splitlines()[-1] == "thu: channels/email.yaml:1: listener: the port is in use"
