"""A local SMTP server that keeps what it gets as .eml files: the committee's and the respondents' mailbox of the demo."""

from collections import Counter
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """Real SMTP on loopback; nothing leaves the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._controller: Controller | None = None
        self._count = 0

    def start(self, port: int) -> None:
        """Listens from now on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()

    def stop(self) -> None:
        """Stops listening; the mails stay."""
        if self._controller is not None:
            self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keeps the mail, then takes responsibility for it."""
        self._count += 1
        body = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        (self.folder / f"{self._count:04d}.eml").write_bytes(body)
        return "250 2.0.0 kept"

    def kinds(self) -> Counter[str]:
        """How many mails of each kind (`X-Ykien`: receipt, digest) came so far."""
        mails = (message_from_bytes(path.read_bytes(), policy=default) for path in sorted(self.folder.glob("*.eml")))
        return Counter(str(mail["X-Ykien"]) for mail in mails)
