"""The `ykien` command as an operator runs it: a process of its own, judged by exit code, stdout and stderr."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NOT_INHERITED = ("YKIEN_", "OTEL_", "FORCE_COLOR")


@dataclass(frozen=True)
class Result:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Cli:
    """`state` is where running systems are announced: commands find those of this folder and no others."""

    state: Path
    cwd: Path

    def run(self, *arguments: str | Path, stdin: str = "", env: Mapping[str, str] | None = None) -> Result:
        """Runs the command to its end."""
        ended = subprocess.run(
            self.argv(*arguments),
            input=stdin.encode(),
            capture_output=True,
            env=self.env(env),
            cwd=self.cwd,
            timeout=120,
            check=False,
        )
        return Result(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def begin(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        """Starts the command and leaves it running."""
        return subprocess.Popen(
            self.argv(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.env(env),
            cwd=self.cwd,
        )

    def argv(self, *arguments: str | Path) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "deploy.cli.main", *map(str, arguments)]

    def env(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        """An operator's environment: nothing of the test run's own settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(NOT_INHERITED)}
        return kept | {"XDG_STATE_HOME": str(self.state)} | dict(extra or {})
