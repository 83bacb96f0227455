"""`ykien reclassify` as an operator runs it: a preview first, then exactly that; exit codes as promised."""

import asyncio
import json
import shutil
import time
from pathlib import Path

import httpx
import pytest

from tests.support.cli import Cli
from tests.support.embedded import EmbeddedProcess
from tests.support.waiting import until

pytestmark = pytest.mark.connected

ROOT = Path(__file__).resolve().parents[2]
ID = "dien-bien-2025"
TEXTS = [f"Đề nghị quan tâm việc trồng cây mắc ca ở bản số {n}." for n in range(12)]


def test_a_reclassification_is_shown_then_applied_and_only_once(tmp_path: Path) -> None:
    system = EmbeddedProcess(tmp_path / "data", env={"YKIEN_RATE_LIMIT": "off"}, state=tmp_path / "state")
    system.start()
    cli = Cli(tmp_path / "state", ROOT)
    try:
        asyncio.run(_sent(system))
        shown = cli.run("reclassify", "--consultation", ID)
        assert shown.code == 0, shown.err
        assert f"submissions={len(TEXTS)} would_change=0" in shown.out
        assert "--apply" not in shown.out
        _other_hints(tmp_path / "moi.yaml")
        assert cli.run("consultation", "publish", tmp_path / "moi.yaml").code == 0
        shown = cli.run("reclassify", "--consultation", ID, "--json")
        assert shown.code == 0, shown.err
        job = json.loads(shown.out)
        assert job["submissions_changed"] == len(TEXTS)
        assert sum(job["topics"].values()) == len(TEXTS)
        assert "mắc ca" not in shown.out
        table = cli.run("reclassify", "--consultation", ID)
        assert f"would_change={len(TEXTS)}" in table.out
        assert "ykien reclassify --consultation dien-bien-2025 --apply" in table.out
        applied = cli.run("reclassify", "--consultation", ID, "--apply", job["job"])
        assert (applied.code, applied.out) == (0, f"applied: submissions={len(TEXTS)} skipped=0\n")
        before = json.loads(cli.run("reclassify", "--consultation", ID, "--apply", job["job"], "--json").out)
        again = cli.run("reclassify", "--consultation", ID, "--apply", job["job"])
        assert again.code == 0
        when = f"{before['applied_at'][:10]} {before['applied_at'][11:16]}Z"
        told = f"already applied ({when}): submissions={len(TEXTS)} skipped=0; nothing was changed now\n"
        assert again.out == told
        shown = cli.run("reclassify", "--consultation", ID, "--json")
        late = json.loads(shown.out)["job"]
        assert json.loads(shown.out)["submissions_changed"] == 0
        assert cli.run("consultation", "publish", ROOT / "consultations" / f"{ID}.yaml").code == 0
        time.sleep(1)
        outdated = cli.run("reclassify", "--consultation", ID, "--apply", late)
        assert (outdated.code, outdated.out) == (1, "")
        assert "outdated" in outdated.err
        assert f"nothing was changed. For a new preview: ykien reclassify --consultation {ID}" in outdated.err
        assert cli.run("reclassify", "--consultation", ID, "--apply", "khong-co").code == 2
        assert cli.run("reclassify", "--consultation", "khong-co").code == 2
        assert cli.run("reclassify", "--consultation", ID, env={"YKIEN_TOKEN": "sai"}).code == 2
        line = httpx.get(f"{system.url}/api/v1/consultations/{ID}/reconciliation", trust_env=False).json()
        assert (line["received"], line["counted"]) == (len(TEXTS), len(TEXTS))
    finally:
        assert system.stop() == 0
    assert cli.run("reclassify", "--consultation", ID, "--url", system.url, env={"YKIEN_TOKEN": "x"}).code == 3


async def _sent(system: EmbeddedProcess) -> None:
    async with httpx.AsyncClient(base_url=system.url, timeout=30, trust_env=False) as client:
        for text in TEXTS:
            answer = await client.post(f"/api/v1/consultations/{ID}/submissions", json={"text": text})
            assert answer.status_code == httpx.codes.ACCEPTED

        async def counted() -> bool:
            line = (await client.get(f"/api/v1/consultations/{ID}/reconciliation")).json()
            return bool(line["counted"] == len(TEXTS))

        await until(counted, 60)


def _other_hints(path: Path) -> None:
    """The shipped definition with more hints: planting macadamia is a matter of the second group."""
    head, second, tail = (ROOT / "consultations" / f"{ID}.yaml").read_text().partition("code: 2\n")
    assert second
    path.write_text(
        head + second + tail.replace("hints: [", 'hints: ["việc trồng cây mắc ca", "trồng cây mắc ca", ', 1)
    )
    shutil.copytree(ROOT / "consultations" / ID, path.parent / ID)
