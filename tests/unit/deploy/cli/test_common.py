"""What the subcommands share: a wrong address or secret file is bad usage (2), not a dependency that is away (3)."""

from pathlib import Path

import httpx
import pytest
import typer

from deploy.cli.common import BAD_INPUT, bus_url, gateway, operator_token, problem_text
from shared.settings import ServiceSettings, SettingsError


def test_an_address_that_is_no_url_is_bad_usage() -> None:
    with pytest.raises(typer.Exit) as ended:
        gateway("not-a-url")
    assert ended.value.exit_code == BAD_INPUT
    assert gateway("http://host:1/") == "http://host:1"


def test_a_secret_file_that_is_not_there_is_bad_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YKIEN_TOKEN", raising=False)
    monkeypatch.delenv("YKIEN_NATS_URL", raising=False)
    monkeypatch.setenv("YKIEN_TOKEN_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("YKIEN_NATS_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(typer.Exit) as ended:
        operator_token("http://host:1")
    assert ended.value.exit_code == BAD_INPUT
    with pytest.raises(typer.Exit) as ended:
        bus_url(None)
    assert ended.value.exit_code == BAD_INPUT


def test_a_problem_is_told_by_its_fields_else_by_its_detail() -> None:
    errors = [{"field": "text", "reason": "trống"}]
    assert problem_text(httpx.Response(422, json={"detail": "Sai.", "errors": errors})) == "text: trống"
    assert problem_text(httpx.Response(503, json={"detail": "Gián đoạn."})) == "Gián đoạn."


def test_a_log_level_nobody_knows_is_refused_by_name() -> None:
    assert ServiceSettings.from_env({"YKIEN_LOG_LEVEL": "debug"}).log_level == "DEBUG"
    with pytest.raises(SettingsError, match="YKIEN_LOG_LEVEL"):
        ServiceSettings.from_env({"YKIEN_LOG_LEVEL": "LOUD"})
