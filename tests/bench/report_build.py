"""Drawing a report: folded documents -> figures -> the five files, for 10,000 opinions, in a process of its own."""

import json
import multiprocessing
import resource
import time
from typing import Any

from services.report.documents import render_all
from tests.bench.row import Row
from tests.support.sample_report import sample_report

OPINIONS = 10_000


def run() -> list[Row]:
    """Opinions per second and peak memory; the floor only writes the annex's rows as JSON."""
    # A fresh process: the peak must be the report's own.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found: dict[str, Any] = pool.apply(_draw)
    floor = Row("json.dumps of the annex rows", OPINIONS, found["floor"])
    per_thousand = found["files"] * 1000 / OPINIONS
    note = f"{per_thousand:.2f} s per 1,000 opinions, peak RSS {found['peak_mb']} MB, files {found['kb']} kB"
    return [floor, Row("five files of a report", OPINIONS, found["files"], note=note).against(floor)]


def _draw() -> dict[str, float | int]:
    report = sample_report(OPINIONS)
    started = time.perf_counter()
    json.dumps([row.model_dump(mode="json") for row in report.annex], ensure_ascii=False)
    floor = time.perf_counter() - started
    started = time.perf_counter()
    files = render_all(report)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "floor": floor,
        "files": seconds,
        "peak_mb": peak,
        "kb": sum(len(data) for _, data in files.values()) // 1024,
    }
