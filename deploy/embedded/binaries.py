"""Where the programs are that come as wheels beside our own: nats-server and Caddy."""

import shutil
import sys
from pathlib import Path

from shared.errors import Permanent


def find(name: str) -> str:
    """The program beside this Python, else on PATH. Raises Permanent saying how to get it."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Permanent(
            f"{name} is not installed; run 'make setup' (it comes from a wheel in deploy/requirements/deploy.txt)"
        )
    return found
