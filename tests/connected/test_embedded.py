"""`ykien up` through its life: start, a second one, a crash, stop, start again."""

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.cli import Cli
from tests.support.embedded import EmbeddedProcess
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
CONSULTATION = "dien-bien-2025"
POST = f"/api/v1/consultations/{CONSULTATION}/submissions"
PASSWORD = re.compile(r"^[a-z0-9]{5}(-[a-z0-9]{5}){3}$", re.MULTILINE)
ENV = {"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "2"}


@pytest.fixture
def system(tmp_path: Path) -> Iterator[EmbeddedProcess]:
    """A started system; stopped at the end if the test left it running."""
    one = EmbeddedProcess(tmp_path / "data", env=ENV)
    one.start()
    yield one
    one.stop()


def _children(system: EmbeddedProcess) -> list[psutil.Process]:
    assert system.process is not None
    return psutil.Process(system.process.pid).children(recursive=True)


def _client(system: EmbeddedProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=system.url, timeout=30, trust_env=False)


async def test_stopping_takes_every_child_along_and_a_restart_keeps_everything(
    system: EmbeddedProcess, tmp_path: Path
) -> None:
    ports = json.loads((system.data / "run" / "ports.json").read_text())
    async with _client(system) as client:
        key = {"Idempotency-Key": "mot-lan"}
        first = (await client.post(POST, json={"text": "Nhất trí với dự thảo."}, headers=key)).json()
        other = (await client.post(POST, json={"text": "Đề nghị rà soát số liệu."})).json()
    children = _children(system)
    assert len(children) == 6
    assert (tmp_path / "up.stdout").read_text() == f"ready: {system.url}\n"
    assert len(PASSWORD.findall((tmp_path / "up.stderr").read_text())) == 1
    token = system.token

    assert system.stop() == 0
    assert [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE] == []
    assert not list((tmp_path / "state" / "ykien").glob("*.json"))

    system.start()
    assert len(PASSWORD.findall((tmp_path / "up.stderr").read_text())) == 1  # shown once, at the first start
    assert system.token == token
    assert json.loads((system.data / "run" / "ports.json").read_text()) == ports
    async with _client(system) as client:
        again = await client.post(POST, json={"text": "Nhất trí với dự thảo."}, headers=key)
        assert again.json() == first
        status = await client.get(f"/api/v1/submissions/{other['tracking_code']}")
        assert status.status_code == httpx.codes.OK

        async def counted() -> bool:
            line = (await client.get(f"/api/v1/consultations/{CONSULTATION}/reconciliation")).json()
            return (line["received"], line["counted"]) == (2, 2)

        await until(counted, what="both are counted")
    assert system.process is not None
    children = _children(system)
    system.process.send_signal(signal.SIGINT)  # Ctrl-C
    assert system.process.wait(60) == 0
    assert [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE] == []


async def test_a_crashed_child_is_started_again_and_told_of(system: EmbeddedProcess, tmp_path: Path) -> None:
    for what in ("services.report", "caddy"):
        (old,) = system.pids(what)
        os.kill(old, signal.SIGKILL)
        await until(lambda what=what, old=old: system.pids(what) not in ([], [old]), what=f"a new {what}")  # type: ignore[misc]
    async with _client(system) as client:

        async def answers() -> bool:
            try:
                return (await client.get(f"/api/v1/consultations/{CONSULTATION}/reconciliation")).is_success
            except httpx.TransportError:
                return False

        await until(answers, what="the report service answers again")
    said = (tmp_path / "up.stderr").read_text()
    assert "child.ended" in said
    assert "report-1" in said


async def test_a_second_start_on_the_folder_or_the_port_is_refused_and_harms_nobody(
    system: EmbeddedProcess, tmp_path: Path
) -> None:
    cli = Cli(tmp_path / "state", ROOT)
    folder = cli.run("up", "--port", "0", "--data", system.data)
    assert folder.code == 2
    folder = cli.run("up", "--port", "1", "--data", system.data)
    assert (folder.code, folder.out) == (2, "")
    assert "another ykien already runs" in folder.err
    port = cli.run("up", "--port", str(system.port), "--data", tmp_path / "other")
    assert (port.code, port.out) == (2, "")
    assert f"port {system.port} is in use" in port.err
    assert not (tmp_path / "other" / "secrets" / "sealing.key").exists()
    async with _client(system) as client:
        assert (await client.get("/readyz")).status_code == httpx.codes.OK
    assert list((tmp_path / "state" / "ykien").glob("*.json"))


def test_a_place_that_cannot_be_written_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = Cli(tmp_path / "state", ROOT).run("up", "--port", "18999", "--data", tmp_path / "file" / "data")
    assert (answer.code, answer.out) == (2, "")
    assert "data folder" in answer.err


def test_ctrl_c_while_starting_is_a_clean_end(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = Cli(tmp_path / "state", ROOT).begin("up", "--port", str(port), "--data", tmp_path / "data")
    assert process.stderr is not None
    while b"ingest" not in (line := process.stderr.readline()):
        assert line, "it ended before it started ingest"
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(60) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    finally:
        process.communicate()
    assert [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE] == []
