"""`ykien up` as its operator runs it: a process of its own, on free ports, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from deploy.embedded.ports import free_port

START_S = 90.0


class EmbeddedProcess:
    """Starts, finds and kills the processes of one embedded system."""

    def __init__(
        self, data: Path, *, workers: int = 1, env: Mapping[str, str] | None = None, state: Path | None = None
    ) -> None:
        self.data, self.workers, self.port = data, workers, free_port()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("YKIEN_")} | dict(env or {})
        self.env["XDG_STATE_HOME"] = str(state or data.parent / "state")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The gateway."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """The operator's token."""
        return (self.data / "operator-token").read_text().strip()

    def start(self) -> None:
        """Returns when it says `ready:`."""
        argv = [sys.executable, "-m", "deploy.cli.main", "up", "--port", str(self.port), "--data", str(self.data)]
        argv += ["--workers", str(self.workers)]
        said = self.data.parent / "up.stdout"
        with (self.data.parent / "up.stderr").open("a") as errors, said.open("w") as out:
            self.process = subprocess.Popen(argv, env=self.env, stdout=out, stderr=errors)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if f"ready: {self.url}\n" in said.read_text():
                return
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"ykien up did not become ready: {(self.data.parent / 'up.stderr').read_text()[-2000:]}")

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        """Kills the supervisor itself; its children go with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def pids(self, what: str) -> list[int]:
        """Processes whose command line holds `what`: `nats-server`, `services.ingest`, `caddy`."""
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                if what in " ".join(child.cmdline()):
                    found.append(child.pid)
            except psutil.NoSuchProcess:
                continue
        return found

    def kill_nine(self, what: str) -> bool:
        """kill -9 of one such process; False when none runs at the moment."""
        pids = self.pids(what)
        if pids:
            os.kill(pids[0], signal.SIGKILL)
        return bool(pids)
