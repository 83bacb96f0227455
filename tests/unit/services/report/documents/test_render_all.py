"""All five files: exact names, the same bytes for the same report, no identity, hostile texts survive."""

import io
import re
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.report.documents import render_all
from tests.support.sample_report import empty_report, sample_report

NAMES = ["report.docx", "report.pdf", "report.html", "annex.xlsx", "report.json"]
_HASHES = """
import hashlib
from services.report.documents import render_all
from tests.support.sample_report import sample_report
print([hashlib.sha256(data).hexdigest() for _, data in render_all(sample_report(30)).values()])
"""


def test_the_files_have_their_exact_names_and_types() -> None:
    files = render_all(sample_report(20))
    assert list(files) == NAMES
    assert files["report.pdf"][0] == "application/pdf"
    assert all(data for _, data in files.values())


@pytest.mark.parametrize("style", ["party", "state"])
def test_the_same_report_gives_the_same_bytes(style: str) -> None:
    report = sample_report(60, style=style)  # type: ignore[arg-type]
    assert render_all(report) == render_all(report.model_copy(deep=True))


def test_another_process_on_another_clock_gives_the_same_bytes() -> None:
    def run(zone: str, seed: str) -> str:
        environment = {"TZ": zone, "PYTHONHASHSEED": seed, "LANG": "C", "PATH": "/usr/bin:/bin", "HOME": "/tmp"}
        done = subprocess.run(
            [sys.executable, "-c", _HASHES], env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    assert run("UTC", "1") == run("America/New_York", "2")


def test_zip_members_carry_no_clock() -> None:
    files = render_all(sample_report(20))
    for name in ("report.docx", "annex.xlsx"):
        with zipfile.ZipFile(io.BytesIO(files[name][1])) as package:
            assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_file_holds_a_tracking_code_or_an_author() -> None:
    files = render_all(sample_report(60))
    for name in ("report.html", "report.json"):
        text = files[name][1].decode()
        assert not re.search(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b", text)
        assert "tracking" not in text
        assert "person_hash" not in text
    with zipfile.ZipFile(io.BytesIO(files["report.docx"][1])) as package:
        assert b"python-docx" not in package.read("docProps/core.xml")


def test_an_empty_report_and_a_huge_quote_are_drawn() -> None:
    render_all(empty_report())
    render_all(sample_report(4, texts=("Đề nghị bổ sung. " * 6_000, "")))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=()), max_size=80), min_size=12, max_size=30))
def test_no_text_breaks_a_writer(texts: list[str]) -> None:
    files = render_all(sample_report(60, texts=tuple(texts)))
    assert list(files) == NAMES
