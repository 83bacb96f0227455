"""A real SMTP server for tests, programmable per recipient: takes, refuses, puts off, hangs, or cuts the line."""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.nats_server import free_port


@dataclass(frozen=True)
class Rule:
    """What happens to mail for an address: the answers to RCPT and DATA, a pause before the latter, or a cut line."""

    rcpt: str = "250 2.1.5 known"
    data: str = "250 2.0.0 kept"
    hang_s: float = 0.0
    cut: bool = False


KIND = Rule()


@dataclass(frozen=True)
class Kept:
    """A mail that the server took responsibility for."""

    recipient: str
    mail: EmailMessage
    raw: bytes
    sender: str = ""  # of the envelope


class SmtpInbox:
    """Loopback only; `start` and `stop` as often as wanted, on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.rules: dict[str, Rule] = {}
        self.kept: list[Kept] = []
        self.tries: Counter[str] = Counter()  # RCPT commands by address
        self.quit_hang_s = 0.0
        self.at_once = 0
        self.most_at_once = 0
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listens from now on. Its own log, which quotes the mails, is not part of any test."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
        self._controller.start()

    def stop(self) -> None:
        """Refuses connections from now on; the mails stay."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def by_recipient(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(k.recipient for k in self.kept)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tries[address] += 1
        answer = self.rules.get(address, KIND).rcpt
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        rule = self.rules.get(address, KIND)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(rule.hang_s)
        finally:
            self.at_once -= 1
        if rule.cut:
            cast("Any", server).transport.abort()
            return "421 never heard"
        if rule.data.startswith("2"):
            raw = cast("bytes", envelope.content)
            self.kept.append(Kept(address, message_from_bytes(raw, policy=default), raw, envelope.mail_from or ""))
        return rule.data

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        await asyncio.sleep(self.quit_hang_s)
        return "221 bye"
