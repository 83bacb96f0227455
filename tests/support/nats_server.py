"""A real nats-server for tests: free port, JetStream in a temporary folder, every write synced; may be killed."""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_CONFIG = """
listen: 127.0.0.1:{port}
server_name: n{port}
max_payload: 8MB
authorization {{ user: ykien, password: "mat-khau-thu" }}
jetstream {{ store_dir: {store}, sync_interval: always }}
"""
_CLUSTER = """
cluster {{ name: thu, listen: 127.0.0.1:{port}, routes: [{routes}] }}
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class NatsServer:
    """`start`, `kill` (-9), `stop` (graceful) and `restart` on the same folder and port."""

    def __init__(self, cluster: str = "") -> None:
        self.dir = Path(tempfile.mkdtemp(prefix="ykien-nats-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.config = self.dir / "nats.conf"
        self.config.write_text(_CONFIG.format(port=self.port, store=self.dir / "js") + cluster)

    @property
    def url(self) -> str:
        return f"nats://ykien:mat-khau-thu@127.0.0.1:{self.port}"

    def start(self, timeout_s: float = 60.0) -> None:
        binary = Path(sys.executable).parent / "nats-server"
        log = (self.dir / "nats.log").open("ab")
        self.process = subprocess.Popen([binary, "-c", self.config], stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.5):
                return
            time.sleep(0.02)
        raise RuntimeError((self.dir / "nats.log").read_text()[-2000:])

    def kill(self) -> None:
        """The power cord: no goodbye, no flush."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        self.kill()
        self.start()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(15)
        self.process = None


def make_cluster() -> list[NatsServer]:
    """Three nodes, not started."""
    ports = [free_port() for _ in range(3)]
    routes = ", ".join(f"nats-route://127.0.0.1:{port}" for port in ports)
    return [NatsServer(_CLUSTER.format(port=port, routes=routes)) for port in ports]
