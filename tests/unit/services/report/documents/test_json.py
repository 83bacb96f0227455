"""report.json: the report itself, deterministic."""

import json

from services.report.documents.json import render
from services.report.model import Report
from tests.support.sample_report import sample_report


def test_it_reads_back_as_the_same_report() -> None:
    report = sample_report()
    assert Report.model_validate_json(render(report)) == report


def test_keys_are_sorted_instants_are_utc_and_a_newline_ends_it() -> None:
    data = render(sample_report())
    read = json.loads(data)
    assert list(read) == sorted(read)
    assert read["as_of"] == "2025-06-18T07:00:00Z"
    assert data.endswith(b"}\n")
    assert "Điện Biên".encode() in data


def test_it_keeps_what_no_document_can_show() -> None:
    text = "a\x00b\ud800\u202e"
    assert json.loads(render(sample_report(1, texts=(text,))))["annex"][0]["text"] == text
