"""Job `secrets`: makes what is missing and hands each service only its own; safe to run at every start."""

import os
import shutil
from pathlib import Path

from deploy.secrets import ensure_secrets
from shared.settings import read_secret

ROOT = Path("/secrets")
OWNERS = {
    "ingest": (
        *("sealing.pub", "receipt-signing.key", "tracking.key", "pepper.key", "operator-token.sha256"),
        *("spool.key", "partner.key", "challenge.key"),
    ),
    "classify": ("duplicate.key", "review-session.key", "operator-token.sha256"),
    "report": ("session.key", "operator-password.hash", "operator-token.sha256"),
    "notify": ("sealing.key", "zalo-token.key"),
}


def hand_out(root: Path, hosts: list[str]) -> str | None:
    """Fills the folders below `root`; returns the operator's password when it is new.

    The operator's volume keeps the originals (and is mounted by the `ops` and `provision` jobs alone).
    """
    operator = root / "operator"
    first = ensure_secrets(operator, operator / "operator-token")
    password = read_secret(operator / "nats.password").decode()
    for service, names in OWNERS.items():
        for name in names:
            _copy(operator / name, root / service / name)
    url = ",".join(f"nats://ykien:{password}@{host}:4222" for host in hosts)
    for folder in (operator, *(root / service for service in OWNERS)):
        _write(folder / "nats-url", url)
    _write(root / "nats" / "auth.conf", f'authorization {{ user: ykien, password: "{password}" }}')
    return first.operator_password


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o600)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text + "\n")


def main() -> None:
    """Runs the job."""
    password = hand_out(ROOT, os.environ.get("NATS_HOSTS", "nats").split(","))
    if password:
        print(f"operator account: vanphong  password (shown only now): {password}")  # noqa: T201 - what the job is asked for
    print("secrets are in place")  # noqa: T201


if __name__ == "__main__":
    main()
