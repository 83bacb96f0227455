# ruff: noqa: N802 - the library finds commands by the names of its methods
"""aiosmtpd's protocol with what a citizen's letter needs: long lines, patience while data flows, one answer per LMTP recipient.

The library ends lines and mails at CRLF only, so nothing can be smuggled behind a bare LF (SMTP smuggling).
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, syntax

LONGEST_LINE = 1_000_000  # bytes; RFC 5321 allows 998, yet web mailers write a whole paragraph of HTML in one line
SESSION_S = 1800.0
ANSWER_S = 600.0  # how long a client waits for the answer to its mail (RFC 5321 §4.5.3.2.6)
_TOO_BIG = "552 5.3.4 Message too big for this system"
_WORDS = {
    "552 Error: Too much mail data": _TOO_BIG,
    "552 Error: message size exceeds fixed maximum message size": _TOO_BIG,
    "500 Line too long (see RFC5321 4.5.3.1.6)": "554 5.6.0 A line of the message is too long",
}


class Protocol(SMTP):
    """One connection. `on_end` is called once when it is over."""

    line_length_limit = LONGEST_LINE

    def __init__(self, handler: Any, *, on_end: Callable[["Protocol"], None], **options: Any) -> None:
        self._on_end = on_end
        self._ends_at = 0.0
        self.data_began = False
        # The library's own table is shared by all connections and emptied by each new one.
        self.command_size_limits = defaultdict(lambda: 1024)
        super().__init__(handler, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Starts the clock of the session."""
        self._ends_at = self._ends_at or self.loop.time() + SESSION_S
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Tells the listener."""
        super().connection_lost(error)
        self._on_end(self)

    def data_received(self, data: bytes) -> None:
        """While a mail flows the client is not silent; the library counts from the command on."""
        if self.data_began:
            self._reset_timeout()
        super().data_received(data)

    def _reset_timeout(self, duration: float | None = None) -> None:
        left = max(0.01, self._ends_at - self.loop.time())
        super()._reset_timeout(min(duration or self._timeout_duration, left))

    def be_patient(self) -> None:
        """The client has done its part and waits for the answer."""
        self._reset_timeout(ANSWER_S)

    def _timeout_cb(self) -> None:
        self.dismiss("421 4.4.2 Timeout, closing the connection")

    def dismiss(self, status: str) -> None:
        """Says why and hangs up."""
        if self.transport is not None and not self.transport.is_closing():
            self._writer.write(status.encode("ascii") + b"\r\n")
            self.transport.close()

    async def push(self, status: Any) -> None:
        """Sends an answer: `5.3.4` where RFC 3463 has a code for it, and as many as the protocol wants."""
        text = status.decode("utf-8") if isinstance(status, bytes) else str(status)
        text = _WORDS.get(text, text)
        if text.startswith("354 "):
            self.data_began = True
        elif self.data_began:
            self.data_began = False
            text = self._after_data(text)
        await super().push(text)

    def _after_data(self, text: str) -> str:
        return text


class LmtpProtocol(Protocol):
    """LMTP (RFC 2033): LHLO, and after the data one answer for each recipient that was accepted."""

    recipients = 1  # answers that the client expects after its data

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:
        """The greeting of LMTP."""
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, _hostname: str) -> None:
        """No word of LMTP."""
        await self.push("500 5.5.1 This is LMTP, say LHLO")

    async def smtp_EHLO(self, _hostname: str) -> None:
        """No word of LMTP."""
        await self.push("500 5.5.1 This is LMTP, say LHLO")

    def _after_data(self, text: str) -> str:
        return text if "\n" in text else "\r\n".join([text] * max(1, self.recipients))

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Notes how many answers are due, for the envelope is emptied before they are sent."""
        self.recipients = len(self.envelope.rcpt_tos) if self.envelope else 1
        await super().smtp_DATA(arg)


class Busy(asyncio.Protocol):
    """For a connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends it away; it comes back later."""
        if isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
