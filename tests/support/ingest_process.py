"""Ingest as a process of its own on a fixed port: may be killed and started again on the same folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from services.ingest.settings import IngestSettings
from tests.support.nats_server import free_port


class IngestProcess:
    """`start` returns when it is ready; `kill` is -9."""

    def __init__(self, settings: IngestSettings, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("YKIEN_")}
        ours = {
            f"YKIEN_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value is not None
        }
        self._env = kept | ours | {"YKIEN_PORT": str(self.port)}
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Returns at once."""
        with self._log.open("ab") as log:
            argv = [sys.executable, "-m", "services.ingest"]
            self.process = subprocess.Popen(argv, env=self._env, stdout=log, stderr=log)

    def start(self, timeout_s: float = 90.0) -> None:
        """Returns when it is ready."""
        self.launch()
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", trust_env=False).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError(self._log.read_text()[-3000:])

    def kill(self) -> None:
        """No goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        self.process = None
