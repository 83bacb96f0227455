"""`make bench`: every benchmark, or those named on the command line; a table on stdout, JSON in bench/results/."""

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from tests.bench.row import Row

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
NAMES = ("store", "fold", "report_build", "classify_speed", "near_duplicates", "publish", "intake")


def main(wanted: list[str]) -> int:
    """Runs them one after another. Exit code 2: no such benchmark."""
    if unknown := [name for name in wanted if name not in NAMES]:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}\n")
        return 2
    _quiet()
    console = Console(width=None if sys.stdout.isatty() else 160)
    load, found = os.getloadavg(), dict[str, list[Row]]()
    for name in wanted or NAMES:
        sys.stderr.write(f"bench: {name} ...\n")
        started = time.perf_counter()
        found[name] = import_module(f"tests.bench.{name}").run()
        console.print(_table(name, found[name], time.perf_counter() - started))
    path = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"bench": name} | row.as_json() for name, some in found.items() for row in some]
    facts = {"machine": _machine() | {"load_before": load, "load_after": os.getloadavg()}, "rows": rows}
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    console.print(f"results: {path.relative_to(ROOT)}")
    return 0


def _table(name: str, rows: list[Row], seconds: float) -> Table:
    table = Table("what", title=f"{name} ({seconds:.0f} s)", title_justify="left")
    for heading in ("n", "per second", "p99 ms", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("to floor / note")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        p99 = "" if row.p99_ms is None else f"{row.p99_ms:.1f}"
        beside = "; ".join(part for part in (row.floor, row.note) if part)
        table.add_row(row.name, f"{row.n:,}", f"{row.per_s:,.0f}", p99, ratio, beside)
    return table


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "nats": _said(str(Path(sys.executable).parent / "nats-server"), "--version"),
        "git": _said("git", "-C", str(ROOT), "rev-parse", "HEAD"),
        "changed": bool(_said("git", "-C", str(ROOT), "status", "--porcelain")),
    }


def _said(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout.strip()


def _quiet() -> None:
    """Only warnings and errors of the code under test."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(30), logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
