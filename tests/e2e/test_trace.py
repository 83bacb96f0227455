"""One trace from a request to what it sets in motion: across HTTP, bus and processes (docs/decisions/2026-11-22-traces.md)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.e2e.conftest import System, wait

CONSULTATION = "dien-bien-2025"
SUBMIT = "POST /api/v1/consultations/{consultation_id}/submissions"
REPORT = "POST /api/v1/consultations/{consultation}/reports"
FOLDED = ("report", "process submission.classified.v1")


@dataclass(frozen=True)
class Spans:
    """The spans of one trace."""

    all: tuple[dict[str, Any], ...]

    def names(self) -> set[tuple[str, str]]:
        """Service and name of each."""
        return {(s["service"], s["name"]) for s in self.all}

    def one(self, service: str, name: str) -> dict[str, Any]:
        """The first such span."""
        return next(s for s in self.all if (s["service"], s["name"]) == (service, name))

    def ancestors(self, span: dict[str, Any]) -> list[str]:
        """Names from the span's parent up to the root."""
        by_id = {s["span_id"]: s for s in self.all}
        found = []
        while span["parent_id"] in by_id:
            span = by_id[span["parent_id"]]
            found.append(span["name"])
        return found


def _trace(system: System, trace_id: str) -> Spans:
    """Every line must be whole, though five processes write the file."""
    lines = system.trace_file.read_text(encoding="utf-8").splitlines() if system.trace_file.exists() else []
    spans = [json.loads(line) for line in lines]
    return Spans(tuple(s for s in spans if s["trace_id"] == trace_id))


def _until(system: System, trace_id: str, complete: Callable[[Spans], bool]) -> Spans:
    wait(lambda: complete(_trace(system, trace_id)), f"trace {trace_id} is complete", 20)
    return _trace(system, trace_id)


def _traceparent() -> tuple[str, dict[str, str]]:
    trace_id = uuid4().hex
    return trace_id, {"traceparent": f"00-{trace_id}-{uuid4().hex[:16]}-01"}


def test_a_submission_is_one_trace_from_the_request_to_the_figures(system: System) -> None:
    trace_id, headers = _traceparent()
    body = {
        "text": "Đề nghị bổ sung giải pháp về giáo dục vùng cao.",
        "respondent": {"email": f"{trace_id}@example.com"},
    }
    system.submit(CONSULTATION, body, **headers)
    wanted = {
        ("ingest", SUBMIT),
        ("classify", "process submission.received.v1"),
        ("report", "process submission.received.v1"),
        ("report", "process submission.classified.v1"),
        ("ingest", "process submission.classified.v1"),
        ("notify", "process submission.received.v1"),
        ("notify", "send receipt"),
        ("report", "process notification.delivered.v1"),
    }
    trace = _until(system, trace_id, lambda t: wanted <= t.names())
    folded = trace.one("report", "process submission.classified.v1")
    assert trace.ancestors(folded) == ["process submission.received.v1", SUBMIT]
    assert trace.ancestors(trace.one("notify", "send receipt")) == ["process submission.received.v1", SUBMIT]
    assert {span["status"] for span in trace.all} == {"UNSET"}


def test_a_report_is_one_trace_from_the_request_to_the_digest(system: System) -> None:
    trace_id, headers = _traceparent()
    with system.client(operator=True) as client:
        answer = client.post(f"/api/v1/consultations/{CONSULTATION}/reports", json={"publish": True}, headers=headers)
    assert answer.status_code == 201, answer.text
    published = "process report.published.v1"  # a span reaches the file when it ends: the outer ones come last
    wanted = {("notify", "send digest"), ("notify", published), ("ingest", published), ("report", REPORT)}
    trace = _until(system, trace_id, lambda t: wanted <= t.names())
    assert trace.ancestors(trace.one("notify", "send digest")) == [published, REPORT]


def test_the_traces_of_what_a_report_counts_are_found_from_its_trace(system: System) -> None:
    """A report folds many submissions, so one trace cannot hold both; the sequence in the stream joins them."""
    submission, headers = _traceparent()
    before = system.reconciliation(CONSULTATION).received
    system.submit(CONSULTATION, {"text": "Đề nghị rà soát lại số liệu trang 7, dòng 3."}, **headers)
    system.until_settled(CONSULTATION, before + 1)
    report, headers = _traceparent()
    with system.client(operator=True) as client:
        url = f"/api/v1/consultations/{CONSULTATION}/reports"
        made = client.post(url, json={"publish": True}, headers=headers).raise_for_status().json()
    root = _until(system, report, lambda t: ("report", REPORT) in t.names()).one("report", REPORT)
    folded = _until(system, submission, lambda t: FOLDED in t.names()).one(*FOLDED)
    assert root["attributes"]["ykien.report_id"] == made["report_id"]
    assert root["attributes"]["ykien.cutoff_seq"] >= folded["attributes"]["ykien.seq"]
