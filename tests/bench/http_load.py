"""Load over HTTP from a process of its own: wrk where it is or can be installed, else httpx (slower, the same for every row)."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx

from tests.bench.row import Row, percentile

HERE = Path(__file__).parent
CONNECTIONS = 64


@cache
def has_wrk() -> bool:
    """Whether wrk is here, after trying to install it."""
    if shutil.which("wrk") is None:
        subprocess.run(["sh", HERE.parents[1] / "deploy" / "apt.sh", "wrk"], check=False, capture_output=True)
    return shutil.which("wrk") is not None


def load(name: str, url: str, body: Path, *, seconds: float, keyed: bool = False) -> Row:
    """Posts the file's bytes with 64 connections. Raises RuntimeError when any request failed."""
    env = os.environ | {"BODY": str(body), "KEYED": str(int(keyed)), "RUN": uuid4().hex[:8]}
    argv = [sys.executable, "-m", "tests.bench.http_load", url, str(seconds)]
    if has_wrk():
        argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(HERE / "load.lua"), url]
    said = subprocess.run(argv, env=env, check=True, capture_output=True, text=True).stdout
    found = json.loads(said.strip().splitlines()[-1])
    if found["failed"]:
        raise RuntimeError(f"{name}: {found['failed']} of {found['n']} requests failed")
    return Row(name, found["n"], found["seconds"], found["p99_ms"], note="wrk" if has_wrk() else "httpx")


async def _httpx_load(url: str, seconds: float) -> dict[str, float]:
    body, keyed = Path(os.environ["BODY"]).read_bytes(), os.environ["KEYED"] == "1"
    took: list[float] = []
    failed = 0
    started = time.perf_counter()

    async def client(http: httpx.AsyncClient) -> None:
        nonlocal failed
        while time.perf_counter() < started + seconds:
            headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": uuid4().hex} if keyed else {})
            at = time.perf_counter()
            answer = await http.post(url, content=body, headers=headers)
            took.append(time.perf_counter() - at)
            failed += answer.status_code != httpx.codes.ACCEPTED

    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=CONNECTIONS)) as http:
        await asyncio.gather(*(client(http) for _ in range(CONNECTIONS)))
    whole = time.perf_counter() - started
    return {"n": len(took), "failed": failed, "seconds": whole, "p99_ms": percentile(took, 0.99)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_httpx_load(sys.argv[1], float(sys.argv[2])))) + "\n")
