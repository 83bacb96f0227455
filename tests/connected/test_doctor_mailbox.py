"""`ykien doctor` against a real mail server: it logs in as the service does, and says when it may not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.doctor_channels import examine
from tests.support.dovecot import Dovecot
from tests.support.email_channel import mailbox, write_settings

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.connected


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.remove()


async def said(folder: Path) -> list[tuple[str, str]]:
    return [(f.level, f.what) for f in await examine(folder / "channels", (ROOT / "consultations",), runs=False)]


async def test_a_mailbox_that_opens_is_fine_and_its_mail_stays(dovecot: Dovecot, tmp_path: Path) -> None:
    write_settings(tmp_path, {"mailboxes": [mailbox(dovecot, tmp_path)]})
    dovecot.deliver(b"Subject: thu\r\n\r\nNoi dung.\r\n")
    found = await said(tmp_path)
    assert {level for level, what in found if what.startswith("mailbox ")} == {"ok"}
    assert len(dovecot.uids(criteria="UNSEEN")) == 1


async def test_a_wrong_password_is_a_fault(dovecot: Dovecot, tmp_path: Path) -> None:
    box = mailbox(dovecot, tmp_path)
    write_settings(tmp_path, {"mailboxes": [box]})
    (tmp_path / "channels" / str(box["secret_file"])).write_text("sai-mat-khau\n")
    assert [level for level, what in await said(tmp_path) if "the server refused the login" in what] == ["fault"]
