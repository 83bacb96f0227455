"""One embedded system for all end-to-end tests: started once, as an operator starts it, with a mailbox beside it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo.inbox import Inbox
from deploy.embedded.layout import Layout
from shared.events import Reconciliation
from shared.settings import read_secret
from tests.support.cli import Cli
from tests.support.embedded import EmbeddedProcess
from tests.support.nats_server import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class System:
    """The running system and what stands around it. Tests share it: they compare figures before and after, or use a
    consultation of their own.
    """

    process: EmbeddedProcess
    inbox: Inbox
    cli: Cli
    folder: Path
    trace_file: Path

    @property
    def url(self) -> str:
        """The gateway."""
        return self.process.url

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.process.data

    @property
    def nats_url(self) -> str:
        """The bus, with its password."""
        ports = json.loads((Layout(self.data).run / "ports.json").read_text())
        password = read_secret(Layout(self.data).secrets / "nats.password").decode()
        return f"nats://ykien:{password}@127.0.0.1:{ports['nats']}"

    def client(self, *, operator: bool = False) -> httpx.Client:
        """A client of the gateway."""
        headers = {"Authorization": f"Bearer {self.process.token}"} if operator else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def submit(self, consultation: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Posts one submission; the 202 answer."""
        with self.client() as client:
            answer = client.post(f"/api/v1/consultations/{consultation}/submissions", json=body, headers=headers)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        accepted: dict[str, Any] = answer.json()
        return accepted

    def reconciliation(self, consultation: str) -> Reconciliation:
        """The public line."""
        with self.client() as client:
            answer = client.get(f"/api/v1/consultations/{consultation}/reconciliation").raise_for_status()
        return Reconciliation.model_validate(answer.json())

    def until_settled(self, consultation: str, received: int) -> Reconciliation:
        """Waits until so many are received and nothing is pending."""
        line: list[Reconciliation] = []

        def settled() -> bool:
            line[:] = [self.reconciliation(consultation)]
            return line[0].received >= received and line[0].pending == 0

        wait(settled, f"{consultation}: {received} received, none pending")
        return line[0]


def wait(condition: Callable[[], bool], what: str, limit_s: float = 60.0) -> None:
    """Returns once the condition holds. Raises AssertionError after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {limit_s} s: {what}")


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Runs until the last test is done; then it must stop cleanly."""
    folder = tmp_path_factory.mktemp("embedded")
    inbox = Inbox(folder / "inbox")
    inbox.start(free_port())
    trace_file = folder / "traces.jsonl"
    env = {
        "YKIEN_RATE_LIMIT": "off",
        "YKIEN_ACK_WAIT_S": "2",
        "YKIEN_SMTP_HOST": "127.0.0.1",
        "YKIEN_SMTP_PORT": str(inbox.port),
        "YKIEN_SMTP_FROM": "ykien@dienbien.example",
        "YKIEN_TRACE_FILE": str(trace_file),
        "YKIEN_LOG_LEVEL": "DEBUG",
    }
    process = EmbeddedProcess(folder / "data", env=env)
    process.start()
    try:
        yield System(process, inbox, Cli(folder / "state", ROOT), folder, trace_file)
    finally:
        code = process.stop()
        inbox.stop()
    assert code == 0, (folder / "up.stderr").read_text()[-2000:]


@pytest.fixture
def ykien(system: System) -> Callable[..., Any]:
    """The command line on the machine where the system runs."""
    return system.cli.run
