"""A real Dovecot for tests: a process of its own on free ports, mail in a temporary folder; may be killed."""

import base64
import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.support.nats_server import free_port

USER = "gopy@example.vn"
PASSWORD = "mat-khau-hop-thu"
TOKEN_KEY = b"khoa-bi-mat-de-thu-oauth-0123456789abcdef"
_CONFIG = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{dir}/mail/%u
mail_max_userip_connections = 100
{extra}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {dir}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail/%u
}}
"""
_OAUTH = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={dir}/keys/
username_attribute = email
"""


def binary() -> str:
    """Where Dovecot is; skips the test, loudly, where it is not installed (`sh deploy/apt.sh dovecot-imapd`)."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip("Dovecot is not installed: sh deploy/apt.sh dovecot-imapd")
    return found


class Dovecot:
    """`start`, `kill`, `remove`; `deliver` puts a mail into the INBOX as a mail server would."""

    def __init__(
        self,
        *,
        extra: str = "",
        separator: str = "/",
        prefix: str = "",
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        self._binary = binary()
        self.dir = Path(tempfile.mkdtemp(prefix="ykien-dovecot-"))
        self.port, self.tls_port = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        me = pwd.getpwuid(os.getuid())
        root = me.pw_uid == 0  # it refuses to read mail as root
        owner = pwd.getpwnam("mail") if root else me
        for name in ("run", "state", "mail", "keys/default/HS256"):
            (self.dir / name).mkdir(parents=True)
        (self.dir / "keys/default/HS256/default").write_text(base64.b64encode(TOKEN_KEY).decode())
        (self.dir / "oauth2.conf").write_text(_OAUTH.format(dir=self.dir))
        cert = ""
        if certificate:
            for name, path in zip(("cert.pem", "key.pem"), certificate, strict=True):
                shutil.copy(path, self.dir / name)
            cert = f"ssl_cert = <{self.dir}/cert.pem\nssl_key = <{self.dir}/key.pem"
        self.config = self.dir / "dovecot.conf"
        self.config.write_text(
            _CONFIG.format(
                dir=self.dir,
                ssl="yes" if certificate else "no",
                certificate=cert,
                internal="dovecot" if root else me.pw_name,
                internal_group="dovecot" if root else grp.getgrgid(me.pw_gid).gr_name,
                login="dovenull" if root else me.pw_name,
                port=self.port,
                tls_port=self.tls_port if certificate else 0,
                password=PASSWORD,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                extra=extra,
                separator=separator,
                prefix=prefix,
            )
        )
        if root:
            self.dir.chmod(0o755)
            os.chown(self.dir / "mail", owner.pw_uid, owner.pw_gid)

    def start(self, timeout_s: float = 60.0) -> None:
        """Returns when it answers."""
        with (self.dir / "out.log").open("ab") as log:
            self.process = subprocess.Popen([self._binary, "-F", "-c", self.config], stdout=log, stderr=log)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as s:
                if s.recv(4) == b"* OK":
                    return
            time.sleep(0.05)
        raise RuntimeError((self.dir / "out.log").read_text() + self.log())

    def log(self) -> str:
        """What it wrote."""
        log = self.dir / "dovecot.log"
        return log.read_text()[-3000:] if log.exists() else ""

    def kill(self) -> None:
        """The master dies; its children end when they notice."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(15)
        self.process = None

    def stop(self) -> None:
        """SIGTERM: connections are cut."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)
        self.process = None

    def remove(self) -> None:
        """The end."""
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def clerk(self, folder: str = "INBOX") -> MailBoxUnencrypted:
        """A mail program of the office, logged in."""
        box = MailBoxUnencrypted("127.0.0.1", self.port, timeout=15)
        box.login(USER, PASSWORD, initial_folder=folder)
        return box

    def deliver(self, *mails: bytes) -> None:
        """New mail in the INBOX, unread."""
        with self.clerk() as box:
            for mail in mails:
                box.append(mail, "INBOX")

    def token(self, *, valid_s: int = 600) -> str:
        """An OAuth access token for the mailbox, as an identity provider would sign it."""
        now = int(time.time())
        claims = {"sub": USER, "email": USER, "iat": now - 10, "exp": now + valid_s}
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(TOKEN_KEY))

    def uids(self, folder: str = "INBOX", criteria: str = "ALL") -> list[str]:
        """The mails of a folder; none when it does not exist."""
        with self.clerk() as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder, readonly=True)
            return box.uids(criteria)
