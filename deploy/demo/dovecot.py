"""A Dovecot of the demo's own, where one is installed: the committee's mailbox, on loopback and in the demo's folder."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from deploy.embedded.ports import free_port
from shared.errors import Permanent

USER = "gopy"
PREFIX = "ykien-imap-"
_CONFIG = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{dir}/mail
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}
}}
"""


class Dovecot:
    """`installed` tells whether there is one; its folder is short, for the sockets' sake, and removed at the end."""

    def __init__(self) -> None:
        self._binary = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        self.port, self.password = free_port(), secrets.token_urlsafe(12)
        self._dir: Path | None = None  # made by `start`; there is no folder to remove before
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def installed(self) -> bool:
        """Whether `start` can be called: Dovecot is here, and we are root (it drops to its own users)."""
        return self._binary is not None and os.getuid() == 0

    @property
    def maildir(self) -> Path:
        """Where its INBOX is. Raises Permanent before `start`."""
        if self._dir is None:
            raise Permanent("the demo's Dovecot was not started")
        return self._dir / "mail"

    def start(self, timeout_s: float = 15.0) -> bool:
        """True when it answers; False (and nothing left running) when this machine's Dovecot does not take the configuration."""
        folder = self._dir = Path(tempfile.mkdtemp(prefix=PREFIX))
        folder.chmod(0o755)
        owner = pwd.getpwnam("mail")
        for name in ("run", "state", "mail", "mail/cur", "mail/new", "mail/tmp"):
            (folder / name).mkdir(parents=True)
        self._own(owner)
        config = folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                dir=folder,
                internal="dovecot",
                login="dovenull",
                port=self.port,
                password=self.password,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
            )
        )
        with (folder / "out.log").open("ab") as log:
            self._process = subprocess.Popen([str(self._binary), "-F", "-c", str(config)], stdout=log, stderr=log)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                if line.recv(4) == b"* OK":
                    return True
            time.sleep(0.05)
        self.stop()
        return False

    def deliver(self, mail: bytes) -> None:
        """Puts a mail into the INBOX, as a mail server does: written aside, then moved."""
        name = f"{time.time_ns()}.{secrets.token_hex(4)}.demo"
        partial = self.maildir / "tmp" / name
        partial.write_bytes(mail)
        owner = pwd.getpwnam("mail")
        os.chown(partial, owner.pw_uid, owner.pw_gid)
        partial.rename(self.maildir / "new" / name)

    def stop(self) -> None:
        """Ends it and removes its folder: the one it made, and nothing when it was never started."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        if self._dir is not None and self._dir.name.startswith(PREFIX):
            shutil.rmtree(self._dir, ignore_errors=True)
        self._dir = self._process = None

    def _own(self, owner: pwd.struct_passwd) -> None:
        for path in (self.maildir, *self.maildir.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
