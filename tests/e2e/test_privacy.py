"""Who wrote stands nowhere but in the sealed blob: a whole run is searched for it afterwards."""

import asyncio
import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import nats
import pytest

from shared.topology import STREAMS
from shared.tracking_code import display
from tests.e2e.conftest import System, wait

CONSULTATION = "dien-bien-2025"
IDENTITY = {
    "name": "Lò Văn Không Có Thật",
    "phone": "0987 123 987",
    "email": "khong.co.that@thu-nghiem.example",
    "address": "Số 7 ngõ Tưởng Tượng, bản Hư Cấu",
}
FILE_NAME = "don-cua-lo-van-khong-co-that.txt"
WORDS = "Đề nghị bổ sung giải pháp bảo tồn nhà sàn truyền thống, mã thử nghiệm riêng tư."


@pytest.fixture(scope="module")
def codes(system: System) -> list[str]:
    """A submission with everything about a person in every field, classified, reported, digested; a second one after."""
    file = {"filename": FILE_NAME, "content_type": "text/plain", "content_base64": base64.b64encode(b"Tep").decode()}
    found = []
    for text in (WORDS, WORDS + " Lần hai."):
        before = system.reconciliation(CONSULTATION).received
        body: dict[str, Any] = {"text": text, "respondent": IDENTITY, "attachments": [file]}
        found.append(system.submit(CONSULTATION, body)["tracking_code"])
        system.until_settled(CONSULTATION, before + 1)
    mails = [f"{display(code)}" for code in found]
    wait(lambda: all(any(code in m for m in _mails(system)) for code in mails), "both receipts arrived by mail")
    with system.client() as client:
        for code in found:  # looking it up must not write it down either
            assert client.get(f"/tra-cuu/{code}").status_code == 200
            assert client.get(f"/api/v1/submissions/{code}").status_code == 200
        client.post(f"/api/v1/consultations/{CONSULTATION}/submissions", json={"text": "", "respondent": IDENTITY})
    return found


def _mails(system: System) -> list[str]:
    from email import message_from_bytes
    from email.policy import default

    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in system.inbox.folder.glob("*.eml")]
    bodies = (mail.get_body(("plain",)) for mail in mails)
    return [str(body.get_content()) for body in bodies if body is not None]


def _needles(codes: list[str]) -> list[str]:
    spellings = [*IDENTITY.values(), "0987123987", "84987123987", FILE_NAME]
    spellings += [json.dumps(value)[1:-1] for value in IDENTITY.values()]  # \uXXXX
    for code in codes:
        spellings += [code, display(code), code.replace("-", "")]
    return list(dict.fromkeys(spellings))


def _assert_none(content: bytes, needles: list[str], where: str) -> None:
    text = content.decode("utf-8", "replace").lower()
    found = [needle for needle in needles if needle.lower() in text]
    assert not found, f"{where} holds {found}"


def test_logs_and_traces_hold_no_identity_no_code_and_no_words(system: System, codes: list[str]) -> None:
    files = [
        *(system.data / "logs").iterdir(),
        system.trace_file,
        system.folder / "up.stderr",
        system.folder / "up.stdout",
    ]
    assert len(files) >= 8
    for file in files:
        _assert_none(file.read_bytes(), [*_needles(codes), "mã thử nghiệm riêng tư"], file.name)


def test_no_stream_holds_identity_or_code_in_the_clear(system: System, codes: list[str]) -> None:
    async def dump() -> list[tuple[str, bytes]]:
        connection = await nats.connect(system.nats_url)
        js = connection.jetstream()
        found = []
        for stream in (s.name for s in STREAMS):
            last = (await js.stream_info(stream)).state.last_seq
            for seq in range(1, last + 1):
                try:
                    message = await js.get_msg(stream, seq)
                except nats.js.errors.NotFoundError:
                    continue
                whole = json.dumps(message.headers or {}, ensure_ascii=False).encode() + (message.data or b"")
                found.append((f"{message.subject} ({stream} {seq})", whole))
        await connection.close()
        return found

    messages = asyncio.run(dump())
    assert sum(subject.startswith("submission.received") for subject, _ in messages) >= 2
    for where, content in messages:
        _assert_none(content, _needles(codes), where)


def test_report_files_hold_neither_identity_nor_code(system: System, codes: list[str], tmp_path: Path) -> None:
    answer = system.cli.run("report", "--consultation", CONSULTATION, "--out", tmp_path)
    assert answer.code == 0, answer.err
    for file in tmp_path.iterdir():
        _assert_none(file.read_bytes(), _needles(codes), file.name)
        if file.suffix in {".docx", ".xlsx"}:
            with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
                for member in archive.namelist():
                    _assert_none(archive.read(member), _needles(codes), f"{file.name}/{member}")
    assert WORDS.encode() in (tmp_path / "report.html").read_bytes() or WORDS in _annex_texts(tmp_path / "annex.xlsx")


def _annex_texts(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/sharedStrings.xml").decode()


def test_databases_hold_no_identity_but_the_sealed_one(system: System, codes: list[str]) -> None:
    """Tracking codes are keys of ingest's own status and reservations; no other database knows one."""
    identity = _needles([])
    for file in (system.data / "db").iterdir():
        _assert_none(file.read_bytes(), identity if file.name.startswith("ingest") else _needles(codes), file.name)
