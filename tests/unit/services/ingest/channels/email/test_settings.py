"""`channels/email.yaml`: what is wrong is named with its line; a wrong file never means "off"."""

from pathlib import Path

import pytest

from services.ingest.channels.email.settings import EmailSettings
from shared.yaml_model import DefinitionError, load_model

WHOLE = """\
takeover_s: 20
mailboxes:
  - id: van-phong
    consultation: dien-bien-2025
    host: imap.example.vn
    user: gopy@example.vn
    secret_file: van-phong.secret
  - id: gmail
    consultation: dien-bien-2025
    host: imap.example.vn
    port: 143
    security: none
    auth: oauth2
    user: gopy2@example.vn
    secret_file: token
    after: mark
    idle: false
    poll_s: 300
listener:
  listen: "[::1]:8025"
  protocol: lmtp
  recipients:
    Gopy@Example.VN: dien-bien-2025
"""
BOX = "mailboxes:\n  - {id: a, consultation: x, host: h, user: u, secret_file: s%s}\n"


def load(folder: Path, text: str) -> EmailSettings:
    path = folder / "email.yaml"
    path.write_text(text)
    return load_model(path, EmailSettings)


def test_a_whole_file(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE)
    first, second = settings.mailboxes
    assert (first.at, second.at) == (("imap.example.vn", 993), ("imap.example.vn", 143))
    assert (first.after, first.done_folder, first.idle, second.idle) == ("move", "Ykien/Da tiep nhan", True, False)
    assert settings.listener is not None
    assert settings.listener.at == ("::1", 8025)
    assert settings.listener.recipients == {"gopy@example.vn": "dien-bien-2025"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("takeover_s: 5\n", "names neither a mailbox nor a listener"),
        (BOX % ", poll_s: 9999", "2: mailboxes.0.poll_s"),
        (BOX % ", idel: true", "2: mailboxes.0.idel"),
        (BOX % ", after: delete", "2: mailboxes.0.after"),
        (BOX % ", done_folder: inbox", "done_folder is the folder that is read"),
        (BOX % "" + "  - {id: a, consultation: x, host: h, user: u, secret_file: s}\n", "this id stands twice"),
        ("mailboxes:\n  - {id: a}\n", "2: mailboxes.0.host"),
        ("listener: {listen: localhost}\n", "1: listener.listen: needs an IP address"),
        ("listener: {listen: '127.0.0.1:99999'}\n", "1: listener.listen: needs a port"),
        ("listener: {protocol: pop3}\n", "1: listener.protocol"),
        ("listener: {cert_file: a.pem}\n", "cert_file and key_file go together"),
        ("listener: {recipients: {khong: x}}\n", "is not a mail address"),
        ("listener: {hostname: 'a b'}\n", "1: listener.hostname"),
    ],
)
def test_each_fault_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as found:
        load(tmp_path, text)
    assert told in str(found.value)
    assert "email.yaml:" in str(found.value)
