"""What lies where in the data folder of an embedded run."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths below one data folder; everything a backup needs is in it."""

    data: Path

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def operator_token(self) -> Path:
        return self.data / "operator-token"

    @property
    def jetstream(self) -> Path:
        return self.data / "nats"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def databases(self) -> Path:
        return self.data / "db"

    @property
    def definitions(self) -> Path:
        return self.data / "consultations"

    @property
    def channels(self) -> Path:
        return self.data / "channels"

    def create(self) -> None:
        """Makes the folders. Raises OSError when the place cannot be written."""
        for folder in (self.data, self.secrets, self.jetstream, self.logs, self.run, self.databases, self.channels):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@dataclass(frozen=True)
class Instance:
    """A running embedded system, so that commands on the same machine find it without being told."""

    url: str
    nats_url: str
    data: str
    pid: int


def _registry() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "ykien"


def announce(instance: Instance) -> Path:
    """Notes a running system for this user; readable by nobody else, for it names the bus password."""
    folder = _registry()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{instance.url.rsplit(':', 1)[-1]}.json"
    partial = path.with_suffix(".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(instance), file)
    partial.replace(path)
    return path


def running(url: str | None = None, data: Path | None = None) -> Instance | None:
    """The embedded system of this user at that URL or in that folder (or the only one there is), if its process lives."""
    found = []
    for path in sorted(_registry().glob("*.json")):
        try:
            instance = Instance(**json.loads(path.read_text()))
        except (ValueError, TypeError, OSError):
            continue  # half-written or of another version: as good as absent
        if url is not None and instance.url != url.rstrip("/").replace("localhost", "127.0.0.1"):
            continue
        if data is not None and Path(instance.data) != data.resolve():
            continue
        if Path(f"/proc/{instance.pid}").exists():
            found.append(instance)
    return found[0] if len(found) == 1 else None
