"""Hash-pinned locks, one per service and one for development, from pyproject.toml; `--check` tells whether they are fresh.

A lock's first line carries the digest of the dependency lists it was made from, so freshness needs no network. A lock names no
registry host, so it serves behind any mirror.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "deploy" / "requirements"
EXTRAS = ("ingest", "classify", "report", "notify", "deploy", "dev")
HOST = re.compile(r"https?://|^--(extra-)?index-url|^--find-links", re.MULTILINE)


def digest() -> str:
    """Of everything a lock is made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    source = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def faults() -> list[str]:
    """What is wrong with the locks as they stand."""
    found = []
    for extra in EXTRAS:
        path = LOCKS / f"{extra}.txt"
        text = path.read_text() if path.exists() else ""
        if not text.startswith(f"# from pyproject.toml {digest()}\n"):
            found.append(f"{path.relative_to(ROOT)} is not fresh: run 'make lock' and commit it")
        if HOST.search(text):
            found.append(f"{path.relative_to(ROOT)} names a registry host")
        pins = re.findall(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==", text, re.MULTILINE)
        if not pins or text.count("--hash=sha256:") < len(pins):
            found.append(f"{path.relative_to(ROOT)} has a pin without a hash")
    return found


def write(extra: str) -> None:
    """Resolves one extra for every Python from 3.11 on, keeping pins that still fit."""
    path = LOCKS / f"{extra}.txt"
    command = [
        "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url",
        "--no-header", "--no-annotate", "--extra", extra, "pyproject.toml", "--output-file", str(path),
    ]  # fmt: skip
    subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], cwd=ROOT, check=True)
    path.write_text(f"# from pyproject.toml {digest()}\n{path.read_text()}")


def main() -> int:
    """Writes the locks, or with `--check` only looks at them."""
    if "--check" not in sys.argv[1:]:
        for extra in EXTRAS:
            write(extra)
    found = faults()
    print("\n".join(found) if found else "locks are fresh")  # noqa: T201 - a command's answer
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
