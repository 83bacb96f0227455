"""Trace context through headers and spans into a file; requests' spans hold no address, path or query."""

import json
import subprocess
import sys
from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared import telemetry

PROGRAM = """
import sys
from pathlib import Path
from litestar import get
from litestar.testing import TestClient
from shared import telemetry
from shared.http import create_app
from shared.settings import ServiceSettings

provider = telemetry.configure("thu", ServiceSettings(trace_file=Path(sys.argv[1])))
assert telemetry.configure("thu", ServiceSettings()) is provider

@get("/tra-cuu/{code:str}")
async def status(code: str) -> str:
    with telemetry.tracer().start_as_current_span("inner"):
        return "x"

async def ready() -> None: ...

with TestClient(create_app(service="thu", route_handlers=[status], ready=ready)) as client:
    headers = {"traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01", "user-agent": "phone", "cookie": "s=1"}
    client.get("/tra-cuu/SECRETCODE?q=words", headers=headers)
    client.get("/healthz")
provider.shutdown()
"""


def test_a_request_continues_its_callers_trace_and_its_span_tells_nothing_of_the_citizen(tmp_path: Path) -> None:
    file = tmp_path / "spans.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    inner, server = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    assert server["name"] == "GET /tra-cuu/{code}"
    assert (server["trace_id"], server["parent_id"], server["service"]) == ("a" * 32, "b" * 16, "thu")
    assert (inner["name"], inner["trace_id"], inner["parent_id"]) == ("inner", "a" * 32, server["span_id"])
    assert server["attributes"]["http.route"] == "/tra-cuu/{code}"
    assert inner["start"] <= inner["end"]
    text = file.read_text("utf-8")
    assert not [word for word in ("SECRETCODE", "words", "phone", "s=1", "testclient") if word in text]


def test_context_travels_through_headers() -> None:
    headers: dict[str, str] = {}
    with TracerProvider().get_tracer("t").start_as_current_span("sender") as span:
        telemetry.inject(headers)
    found = trace.get_current_span(telemetry.extract({"Traceparent": headers["traceparent"]})).get_span_context()
    assert (found.trace_id, found.span_id) == (span.get_span_context().trace_id, span.get_span_context().span_id)


def test_no_or_broken_headers_give_an_empty_context() -> None:
    for headers in (None, {}, {"traceparent": "nonsense"}):
        assert not trace.get_current_span(telemetry.extract(headers)).get_span_context().is_valid
