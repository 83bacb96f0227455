"""`ykien original`: a clerk gets back exactly the bytes that were sent, under the names they had."""

import asyncio
import base64
import json
from pathlib import Path

import httpx
import nats

from shared import topology
from shared.envelope import decode
from shared.events import SubmissionReceived
from tests.e2e.conftest import System

LETTER = "Kính gửi Ban Soạn thảo: đề nghị làm rõ chỉ tiêu trồng rừng.\n".encode()


def _last(system: System) -> SubmissionReceived:
    async def read() -> SubmissionReceived:
        connection = await nats.connect(system.nats_url)
        try:
            msg = await connection.jetstream().get_last_msg(
                topology.EVENTS.name, f"{SubmissionReceived.TYPE}.bac-kan-2025"
            )
            event = decode(msg.subject or "", msg.headers or {}, msg.data or b"")
            assert isinstance(event, SubmissionReceived)
            return event
        finally:
            await connection.close()

    return asyncio.run(read())


def test_the_files_come_back_as_they_were_sent(system: System, tmp_path: Path) -> None:
    file = {
        "filename": "thư tay.txt",
        "content_type": "text/plain",
        "content_base64": base64.b64encode(LETTER).decode(),
    }
    answer = httpx.post(
        f"{system.url}/api/v1/consultations/bac-kan-2025/submissions",
        json={"text": "Ý kiến ở tệp kèm theo.", "attachments": [file]},
        trust_env=False,
    )
    assert answer.status_code == 202, answer.text
    event = _last(system)
    done = system.cli.run("original", event.submission_id, "--out", str(tmp_path / "thu"))
    assert done.code == 0, done.err
    (path,) = map(Path, done.out.splitlines())
    assert path.name == "01-thư tay.txt"
    assert path.read_bytes() == LETTER
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(answer.text)["tracking_code"] not in done.out


def test_an_unknown_submission_is_told_apart_from_a_failure(system: System, tmp_path: Path) -> None:
    done = system.cli.run("original", "0" * 32, "--out", str(tmp_path / "khong"))
    assert done.code == 1
    assert "no submission" in done.err
