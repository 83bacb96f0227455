"""`ykien verify`: a good receipt, a changed one, somebody else's."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import System
from tests.support.nats_server import free_port

CONSULTATION = "bac-kan-2025"


@pytest.fixture(scope="module")
def answer(system: System) -> dict[str, Any]:
    """What the API answered to one submission."""
    return system.submit(CONSULTATION, {"text": "Đề nghị nói rõ hơn về chuyển đổi số ở cấp xã."})


def _file(folder: Path, content: object) -> Path:
    path = folder / "receipt.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_good_receipt_is_good_as_the_answer_and_alone(system: System, answer: dict[str, Any], tmp_path: Path) -> None:
    for content in (answer, answer["receipt"]):
        verdict = system.cli.run("verify", _file(tmp_path, content), "--url", system.url)
        assert verdict.code == 0, verdict.err
        assert verdict.out.splitlines()[0] == "signature: good"


@pytest.mark.parametrize("field", ["received_at", "tracking_code", "text_sha256", "signature"])
def test_a_changed_receipt_is_exit_1(system: System, answer: dict[str, Any], tmp_path: Path, field: str) -> None:
    receipt = dict(answer["receipt"])
    receipt[field] = ("0" if receipt[field][0] != "0" else "1") + receipt[field][1:]
    verdict = system.cli.run("verify", _file(tmp_path, receipt), "--url", system.url)
    assert verdict.code == 1
    assert "signature: wrong" in verdict.out


def test_an_answer_changed_around_its_receipt_is_exit_1(system: System, answer: dict[str, Any], tmp_path: Path) -> None:
    changed = answer | {"received_at": "2025-06-12T00:00:00Z"}
    assert system.cli.run("verify", _file(tmp_path, changed), "--url", system.url).code == 1


def test_what_is_no_receipt_is_exit_2_and_no_server_exit_3(
    system: System, answer: dict[str, Any], tmp_path: Path
) -> None:
    for content in ([], {}, "x", {"receipt": 1}):
        assert system.cli.run("verify", _file(tmp_path, content), "--url", system.url).code == 2
    assert system.cli.run("verify", tmp_path / "absent.json", "--url", system.url).code == 2
    away = system.cli.run("verify", _file(tmp_path, answer), "--url", f"http://127.0.0.1:{free_port()}")
    assert (away.code, away.out) == (3, "")
