"""SMTP: hands a mail to the mail server and says what kind of failure a failure is."""

from datetime import datetime
from typing import Protocol

import aiosmtplib

from services.notify.message import Mail, to_mime
from services.notify.settings import NotifySettings
from shared.errors import Permanent, Transient
from shared.settings import read_secret


class Transport(Protocol):
    """Anything that can deliver a mail. Raises Transient (may succeed later) or Permanent (refused for good)."""

    async def send(self, mail: Mail, *, from_name: str, at: datetime) -> None:
        """Returns once the receiving server has taken responsibility."""


class RefusedError(Permanent):
    """The mail server refuses this mail for good (5xx)."""


class MailServerAwayError(Transient):
    """The mail server does not answer, or asks to come back later (4xx)."""


class SmtpTransport:
    """One connection per mail: volumes are small, and nothing is left half open between them."""

    def __init__(self, settings: NotifySettings) -> None:
        if settings.smtp_host is None:
            raise Permanent("YKIEN_SMTP_HOST is not set")
        self._settings, self._host = settings, settings.smtp_host
        self._password = read_secret(settings.smtp_password_file).decode() if settings.smtp_password_file else None

    async def send(self, mail: Mail, *, from_name: str, at: datetime) -> None:
        """Errors name codes, never addresses: a mail server's answer text may repeat the recipient's."""
        s = self._settings
        message = to_mime(mail, from_name=from_name, from_address=s.smtp_from, at=at)
        try:
            await aiosmtplib.send(
                message,
                sender=s.smtp_from,
                recipients=[mail.to_address],
                hostname=self._host,
                port=s.smtp_port,
                username=s.smtp_user,
                password=self._password,
                use_tls=s.smtp_security == "tls",
                start_tls=s.smtp_security == "starttls",
                timeout=s.smtp_timeout_s,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _by_code(max(r.code for r in error.recipients)) from None
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailServerAwayError(
                f"the mail server refuses our login ({error.code}): check YKIEN_SMTP_USER"
            ) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _by_code(error.code) from None
        except aiosmtplib.SMTPNotSupported as error:
            raise RefusedError(f"the mail server lacks an extension this mail needs ({type(error).__name__})") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailServerAwayError(f"the mail server does not answer ({type(error).__name__})") from None


def _by_code(code: int) -> RefusedError | MailServerAwayError:
    if 500 <= code < 600:
        return RefusedError(f"the mail server refused it for good ({code})")
    return MailServerAwayError(f"the mail server asks to try later ({code})")
