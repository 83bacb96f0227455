# ruff: noqa: N802 - the library finds hooks by the names of methods
"""What the listener answers. 250 means that the stream has the mail; every doubt is a 4xx, after which the sender's server tries again."""

import asyncio

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.ingest.channels.email.intake import Intake
from services.ingest.channels.email.smtp_protocol import ANSWER_S, Protocol
from services.ingest.faults import Refused
from services.ingest.respondent import normalise_email
from shared.errors import Transient

MAX_RECIPIENTS = 100
OK = "250 2.0.0 Ok: received"
LATER = "451 4.3.0 Temporary failure, please try again later"
CLOSED = "550 5.2.1 This address takes no mail at present"
UNKNOWN = "550 5.1.1 No such address here"
_log = structlog.get_logger("ingest")


class Handler:
    """aiosmtpd calls its `handle_...`; `via` is the protocol spoken."""

    def __init__(self, intake: Intake, via: str) -> None:
        self._intake = intake
        self._via = via

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Only addresses of consultations whose channel is open."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        consultation = self._consultation(address)
        if consultation is None:
            return UNKNOWN
        try:
            self._intake.consultation(consultation)
        except Transient:
            return LATER
        except Refused:
            return CLOSED
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Protocol, _session: Session, envelope: Envelope) -> str:
        """One answer for SMTP, the worst; one line per recipient for LMTP."""
        server.be_patient()
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        sender = (envelope.mail_from or "").strip()
        return_path = "" if sender == "<>" else sender
        of = [self._consultation(address) for address in envelope.rcpt_tos]
        answers = {one: await self._take(one, raw, return_path) for one in dict.fromkeys(of)}
        if self._via == "lmtp":
            return "\r\n".join(answers[one] for one in of)
        return max(answers.values(), key=_gravity)

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours never bounces a letter."""
        _log.error("smtp.failed", exc_info=error)
        return LATER

    async def _take(self, consultation: str | None, raw: bytes, return_path: str) -> str:
        if consultation is None:  # taken off the list since RCPT
            return LATER
        try:
            async with asyncio.timeout(ANSWER_S - 30):
                await self._intake.take(consultation, raw, via=self._via, return_path=return_path)
        except (Transient, TimeoutError) as error:
            _log.warning("smtp.put_off", consultation=consultation, reason=str(error))
            return LATER
        except Refused:
            _log.error("smtp.refused", consultation=consultation)
            return CLOSED
        except Exception:  # noqa: BLE001 - a fault of ours never bounces a letter
            _log.exception("smtp.failed", consultation=consultation)
            return LATER
        return OK

    def _consultation(self, address: str) -> str | None:
        try:
            return self._intake.addresses().get(normalise_email(address))
        except ValueError:
            return None


def _gravity(answer: str) -> int:
    """Put off over refused over taken: after a 4xx the sender comes again, and what was taken is known again."""
    return {"4": 2, "5": 1}.get(answer[:1], 0)
