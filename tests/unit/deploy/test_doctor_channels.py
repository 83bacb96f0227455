"""`ykien doctor` on the channels' settings: what an office gets wrong is named, with how to mend it."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.doctor_channels import examine
from deploy.finding import Finding

ROOT = Path(__file__).parents[3]
DEFINITIONS = (ROOT / "consultations",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples as an office copies them, with their secrets."""
    for path in (ROOT / "deploy" / "channels").glob("*.example.yaml"):
        shutil.copy(path, tmp_path / path.name.replace(".example", ""))
    (tmp_path / "email.yaml").write_text("listener:\n  listen: 127.0.0.1:0\n", encoding="utf-8")
    vneid = (tmp_path / "vneid.yaml").read_text(encoding="utf-8")
    (tmp_path / "vneid.yaml").write_text(
        "\n".join("    jwks_file: khoa.json" if "jwks_url" in line else line for line in vneid.splitlines()),
        encoding="utf-8",
    )
    (tmp_path / "khoa.json").write_text("{}")
    for name in ("zalo-oa.secret", "zalo-app.secret", "zalo-refresh.token"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("bi-mat\n")
    return tmp_path


@pytest.fixture
def occupied() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def faults(folder: Path, *, runs: bool = False) -> list[Finding]:
    return [f for f in await examine(folder, DEFINITIONS, runs=runs) if f.level != "ok"]


def only(findings: list[Finding], part: str) -> Finding:
    return next(f for f in findings if part in f.what)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


async def test_the_copied_examples_lack_nothing_but_real_keys(folder: Path) -> None:
    assert [f.what for f in await faults(folder)] == [
        "keys of bo-cong-an in khoa.json: has no list `keys` of at most 100"
    ]


async def test_a_misspelt_field_is_named_with_its_line(folder: Path) -> None:
    edit(folder / "zalo.yaml", "    secret_file", "    secrets_file")
    assert only(await faults(folder), "zalo.yaml:").level == "fault"
    assert any("secrets_file" in f.what for f in await faults(folder))


async def test_a_file_that_nobody_reads_is_named(folder: Path) -> None:
    (folder / "zalo.yaml").rename(folder / "zalo.yml")
    assert "zalo.yaml" in only(await faults(folder), "zalo.yml is read by nobody").mend


async def test_a_missing_and_a_readable_secret_are_faults(folder: Path) -> None:
    (folder / "zalo-oa.secret").unlink()
    (folder / "zalo-app.secret").chmod(0o644)
    found = await faults(folder)
    assert only(found, "zalo-oa.secret: No such file")
    assert only(found, "zalo-app.secret").mend.startswith("chmod 600")


async def test_an_unknown_consultation_and_an_unknown_channel_are_told_with_the_known_ones(folder: Path) -> None:
    edit(folder / "zalo.yaml", "dien-bien-2025", "dien-bien-2052")
    edit(
        folder / "vneid.yaml",
        "    algorithms",
        "    consultations: [dien-bien-2025]\n    channel: vneid-moi\n    algorithms",
    )
    found = await faults(folder)
    assert "dien-bien-2025" in only(found, "no definition of a consultation dien-bien-2052").mend
    assert "vneid" in only(found, "has no channel vneid-moi").mend


async def test_receipts_that_nobody_could_send_are_foretold(folder: Path) -> None:
    (folder / "zalo-replies.yaml").unlink()
    assert only(await faults(folder), "zalo-replies.yaml").level == "warn"


async def test_a_port_that_another_program_has_is_a_fault(folder: Path, occupied: int) -> None:
    (folder / "email.yaml").write_text(f"listener:\n  listen: 127.0.0.1:{occupied}\n", encoding="utf-8")
    assert "another program" in only(await faults(folder), f"127.0.0.1:{occupied}").what


async def test_a_listener_that_should_answer_and_does_not_is_away(folder: Path) -> None:
    assert only(await faults(folder, runs=True), "mail listener").level == "away"


async def test_a_mail_server_and_a_key_server_that_are_away_are_told(folder: Path) -> None:
    (folder / "gopy.password").write_text("mat-khau")
    (folder / "gopy.password").chmod(0o600)
    server = "host: 127.0.0.1, port: 9, security: none, user: gopy, secret_file: gopy.password"
    box = f"mailboxes:\n  - {{id: gopy, consultation: dien-bien-2025, {server}}}\n"
    (folder / "email.yaml").write_text(box, encoding="utf-8")
    edit(folder / "vneid.yaml", "jwks_file: khoa.json", "jwks_url: http://127.0.0.1:9/jwks.json")
    found = await faults(folder)
    assert only(found, "mailbox gopy at 127.0.0.1:9").level == "away"
    assert only(found, "keys of bo-cong-an at http").level == "away"
