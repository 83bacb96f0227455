"""`ykien doctor`: what it sees on a healthy machine, a stopped one, and one with something broken."""

import shutil
from pathlib import Path

from tests.e2e.conftest import ROOT, System


def test_a_healthy_system_has_no_fault(system: System) -> None:
    env = {"YKIEN_SMTP_HOST": "127.0.0.1"}
    answer = system.cli.run("doctor", "--data", system.data, env=env)
    assert answer.code == 0, answer.out
    signs = [line.split()[0] for line in answer.out.splitlines() if not line.startswith(" ")]
    assert set(signs) <= {"ok", "warn"}
    for word in ("Python 3.", "SQLite 3.", "nats-server: ", "nats-server 2.", "caddy", "dien-bien-2025", "free disk"):
        assert word in answer.out
    assert f"{system.url} accepts work" in answer.out
    for service in ("ingest", "classify", "report", "notify"):
        assert f"database of {service}" in answer.out


def test_where_nothing_runs_it_says_how_to_start(system: System, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path / "state")}
    answer = system.cli.run("doctor", "--data", tmp_path / "data", env=env)
    assert answer.code == 0
    assert "no system runs here" in answer.out
    assert "mend: make up" in answer.out
    assert not (tmp_path / "data").exists()  # looking changes nothing


def test_a_bus_that_is_named_and_away_is_exit_3(system: System) -> None:
    answer = system.cli.run("doctor", env={"YKIEN_NATS_URL": "nats://127.0.0.1:9"})
    assert answer.code == 3
    assert "the bus does not answer" in answer.out


def test_a_broken_definition_is_a_fault_with_its_line(system: System, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "consultations" / "dien-bien-2025", tmp_path / "dien-bien-2025")
    text = (ROOT / "consultations" / "dien-bien-2025.yaml").read_text(encoding="utf-8")
    (tmp_path / "dien-bien-2025.yaml").write_text(
        text.replace("weekday: wednesday", "weekday: thứ tư"), encoding="utf-8"
    )
    answer = system.cli.run("doctor", "--data", system.data, "--definitions", tmp_path)
    assert answer.code == 1
    assert "report.weekday" in answer.out
    assert "mend: correct the file" in answer.out


def test_a_wrong_environment_is_a_fault_that_names_the_variable(system: System) -> None:
    answer = system.cli.run("doctor", "--data", system.data, env={"YKIEN_ACK_WAIT_S": "bald"})
    assert answer.code == 1
    assert "YKIEN_ACK_WAIT_S" in answer.out


def test_secrets_that_others_can_read_are_a_fault(system: System, tmp_path: Path) -> None:
    secrets = tmp_path / "data" / "secrets"
    shutil.copytree(system.data / "secrets", secrets)
    (secrets / "sealing.key").chmod(0o644)
    answer = system.cli.run("doctor", "--data", tmp_path / "data", env={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert answer.code == 1
    assert "sealing.key" in answer.out
    assert "chmod 600" in answer.out


def test_a_channel_with_wrong_settings_is_a_fault_with_its_line(system: System, tmp_path: Path) -> None:
    channels = tmp_path / "data" / "channels"
    channels.mkdir(parents=True)
    (channels / "zalo.yaml").write_text("accounts:\n  - oa_id: '1'\n", encoding="utf-8")
    answer = system.cli.run("doctor", "--data", tmp_path / "data", env={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert answer.code == 1
    assert "zalo.yaml:2: accounts.0.app_id" in answer.out
