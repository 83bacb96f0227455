"""The email channel in tests: its settings file, mails to send, and ingest as a process of its own that may be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from services.ingest.settings import IngestSettings
from tests.support.dovecot import PASSWORD, USER, Dovecot
from tests.support.ingest_app import CONSULTATION
from tests.support.nats_server import free_port

ADDRESS = "gopy.vankien@tinhuy-dienbien.example"  # of the shipped consultation
OTHER = "bac-kan-2025"
OTHER_ADDRESS = "gopy.vankien@phuong-backan.example"
DONE = "Ykien/Da tiep nhan"


def write_settings(folder: Path, settings: Mapping[str, Any]) -> Path:
    """`channels/email.yaml` under the folder."""
    path = folder / "channels" / "email.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    YAML().dump(dict(settings), path)
    return path


def mailbox(server: Dovecot, folder: Path, **more: Any) -> dict[str, Any]:
    """A mailbox entry for that server; the password file is written beside the settings."""
    (folder / "channels").mkdir(parents=True, exist_ok=True)
    (folder / "channels" / "hop-thu.secret").write_text(PASSWORD + "\n")
    return {
        "id": "hop-thu",
        "consultation": CONSULTATION,
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": USER,
        "secret_file": "hop-thu.secret",
        "poll_s": 1,
    } | more


def mail(
    text: str, *, id_: str | None = None, sender: str = "nguoi.dan@example.vn", subject: str = "Góp ý dự thảo"
) -> bytes:
    """A plain mail as a mail program writes it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Người Gửi Bịa Ra <{sender}>"
    message["To"] = ADDRESS
    message["Subject"] = subject
    message["Date"] = "Thu, 12 Jun 2025 09:00:00 +0700"
    if id_ is not None:
        message["Message-ID"] = f"<{id_}@thu.example.vn>"
    message.set_content(text, charset="utf-8", cte="base64")
    return message.as_bytes()


class IngestProcess:
    """`python -m services.ingest`, started, killed and started again on the same data."""

    def __init__(self, settings: IngestSettings) -> None:
        self.port = free_port()
        self.log = settings.data / f"ingest-{self.port}.log"
        given = {name: value for name in type(settings).model_fields if (value := getattr(settings, name)) is not None}
        self._env = {k: v for k, v in os.environ.items() if not k.startswith("YKIEN_")}
        self._env |= {f"YKIEN_{name.upper()}": str(value) for name, value in given.items()}
        self._env["YKIEN_PORT"] = str(self.port)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait_s: float = 60.0) -> None:
        """Returns when it is ready; at once with `wait_s=0`."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.ingest"], env=self._env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz", trust_env=False).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        if wait_s:
            raise AssertionError(self.log.read_text()[-3000:])

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int | None:
        """SIGTERM; the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int | None:
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.send_signal(how)
        code = self._process.wait(60)
        self._process = None
        return code
