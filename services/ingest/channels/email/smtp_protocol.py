# ruff: noqa: N802 - the library finds commands by the names of its methods
"""aiosmtpd's protocol with what a citizen's letter needs: long lines, patience while data flows, one answer per LMTP recipient.

The library ends lines and mails at CRLF only, so nothing can be smuggled behind a bare LF (SMTP smuggling).
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

from aiosmtpd.smtp import SMTP, syntax

LONGEST_LINE = 1_000_000  # bytes; RFC 5321 allows 998, yet web mailers write a whole paragraph of HTML in one line
SESSION_S = 1800.0
ANSWER_S = 600.0  # how long a client waits for the answer to its mail (RFC 5321 §4.5.3.2.6)
_TOO_BIG = "552 5.3.4 Message too big for this system"
_LINE_TOO_LONG = "554 5.6.0 A line of the message is too long"
_FULL = "452 4.3.1 Too many mails at once, please try again later"
_WORDS = {"552 Error: message size exceeds fixed maximum message size": _TOO_BIG}
_END = b"\r\n.\r\n"


class Room:
    """Bytes of the mails that all connections of the listener hold together, until they are answered."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    def hold(self, size: int) -> bool:
        """Counts bytes that came; False, and nothing counted, when there are too many already. After True comes `drop`."""
        if self._held + size > self._limit:
            return False
        self._held += size
        return True

    def drop(self, size: int) -> None:
        """The bytes are gone."""
        self._held -= size


class Protocol(SMTP):
    """One connection. `on_end` is called once when it is over."""

    line_length_limit = LONGEST_LINE

    def __init__(self, handler: Any, *, on_end: Callable[["Protocol"], None], room: Room, **options: Any) -> None:
        self._on_end = on_end
        self._room = room
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

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """In place of the library's, which makes an object of every line (a mail of empty lines takes eighty times its size, and
        the event loop for seconds) and keeps all of a line without end.
        """
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = bytearray()
        held = 0
        try:
            refusal = None
            # The line break before the data counts: a mail that is a lone dot is an empty one.
            self._reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]  # noqa: SLF001 - public methods add at the end only
            async for part in self._parts():
                if refusal is None:
                    refusal = self._room_for(held, len(part))
                    if refusal is None:
                        held += len(part)
                        content += part
                    else:
                        content.clear()
            if refusal is None and _has_long_line(content):
                refusal = _LINE_TOO_LONG
            if refusal is not None:
                await self.push(refusal)
            else:
                del content[-len(_END) :]
                self.envelope.content = self.envelope.original_content = _without_stuffing(content)
                content = bytearray()
                status = await self._call_handler_hook("DATA")
                self._set_post_data_state()  # type: ignore[no-untyped-call]
                await self.push(status)
        finally:
            self._room.drop(held)
            self._set_post_data_state()  # type: ignore[no-untyped-call]

    async def _parts(self) -> AsyncIterator[bytes]:
        """The data as it comes, with the line break before it, up to and with the end mark."""
        while True:
            try:
                yield await self._reader.readuntil(_END)
            except asyncio.LimitOverrunError as more:
                yield await self._reader.read(more.consumed)
            else:
                return

    def _room_for(self, held: int, size: int) -> str | None:
        if self.data_size_limit and held + size - len(_END) > self.data_size_limit:
            return _TOO_BIG
        return None if self._room.hold(size) else _FULL

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


def _has_long_line(content: bytearray) -> bool:
    at = 0
    while at + LONGEST_LINE < len(content):
        end = content.rfind(b"\n", at, at + LONGEST_LINE)
        if end < 0:
            return True
        at = end + 1
    return False


def _without_stuffing(content: bytearray) -> bytes:
    """A dot that begins a line was put there for the transport (RFC 5321 §4.5.2)."""
    return bytes(content.replace(b"\r\n.", b"\r\n")[2:]) + b"\r\n" if content else b""


class Busy(asyncio.Protocol):
    """For a connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends it away; it comes back later."""
        if isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
