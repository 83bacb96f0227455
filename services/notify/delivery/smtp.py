"""SMTP: hands a mail to the mail server and says what kind of failure a failure is."""

import asyncio
from contextlib import suppress
from datetime import datetime

import aiosmtplib

from services.notify.delivery.transport import RefusedError
from services.notify.message import Mail, envelope_address, to_mime
from services.notify.settings import NotifySettings
from shared.errors import Permanent, Transient
from shared.settings import read_secret

QUIT_S = 2.0
LEASE_SHARE = 0.8  # of the lease a mail may take, so that nobody else begins it while it is under way


class MailServerAwayError(Transient):
    """The mail server does not answer, or asks to come back later (4xx), or will not talk to us (a matter of settings)."""


class SmtpTransport:
    """One connection per mail: volumes are small, and nothing is left half open between them."""

    def __init__(self, settings: NotifySettings) -> None:
        """Raises SettingsError when the password file cannot be read."""
        if settings.smtp_host is None:
            raise Permanent("YKIEN_SMTP_HOST is not set")
        self._settings, self._host = settings, settings.smtp_host
        self._password = read_secret(settings.smtp_password_file).decode() if settings.smtp_password_file else None
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, mail: Mail, *, at: datetime) -> None:
        """Errors name codes, never addresses: a mail server's answer text may repeat the recipient's."""
        recipient = envelope_address(mail.to_address)
        message = to_mime(mail, from_address=self._settings.smtp_from, at=at)
        options = [] if f"{recipient}{self._settings.smtp_from}".isascii() else ["SMTPUTF8"]
        client = self._client()
        try:
            async with asyncio.timeout(self._settings.lease_s * LEASE_SHARE):
                await client.connect()
                sender = "" if mail.answers else self._settings.smtp_from
                await client.sendmail(sender, [recipient], message, mail_options=options)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            raise _failure(error) from None
        except BaseException:
            client.close()
            raise
        # Accepted: whatever becomes of the goodbye must not look like a failure, or the mail would go out twice.
        task = asyncio.create_task(_leave(client), name="smtp-quit")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Waits (two seconds at most) until every goodbye is said."""
        if self._leaving:
            await asyncio.wait(self._leaving)

    def _client(self) -> aiosmtplib.SMTP:
        s = self._settings
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=s.smtp_port,
            username=s.smtp_user,
            password=self._password,
            use_tls=s.smtp_security == "tls",
            start_tls=s.smtp_security == "starttls",
            timeout=s.smtp_timeout_s,
        )


async def _leave(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        await client.quit(timeout=QUIT_S)
    client.close()


def _failure(error: Exception) -> RefusedError | MailServerAwayError:
    """Only a 5xx to the recipient or to the mail itself is for good; one to us (greeting, login, sender) can be mended."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _by_code(max((r.code for r in error.recipients), default=0))
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return MailServerAwayError(f"the mail server refuses our login ({error.code}): check YKIEN_SMTP_USER")
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        if error.code == 552:  # the announced size is too big
            return _by_code(error.code)
        return MailServerAwayError(f"the mail server refuses our sender ({error.code}): check YKIEN_SMTP_FROM")
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        return _by_code(error.code)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return MailServerAwayError(f"the mail server will not talk to us ({error.code})")
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return RefusedError("the mail server lacks an extension that this mail needs (SMTPUTF8)")
    return MailServerAwayError(f"the mail server does not answer ({type(error).__name__})")


def _by_code(code: int) -> RefusedError | MailServerAwayError:
    if 500 <= code < 600:
        return RefusedError(f"the mail server refused it for good ({code})")
    return MailServerAwayError(f"the mail server asks to try later ({code})")
