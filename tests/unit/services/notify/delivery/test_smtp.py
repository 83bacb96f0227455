"""What kind of failure a mail server's failure is: for good only when it is about this mail."""

import aiosmtplib
import pytest

from services.notify.delivery.smtp import MailServerAwayError, _failure
from services.notify.delivery.transport import RefusedError

WHO = "nguoi@nha.example"


def refused(*codes: int) -> aiosmtplib.SMTPRecipientsRefused:
    return aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(code, WHO, WHO) for code in codes])


@pytest.mark.parametrize(
    "error",
    [
        refused(550),
        aiosmtplib.SMTPDataError(554, WHO),
        aiosmtplib.SMTPSenderRefused(552, WHO, WHO),
        aiosmtplib.SMTPNotSupported(WHO),
    ],
    ids=repr,
)
def test_a_refusal_of_this_mail_is_for_good(error: Exception) -> None:
    assert isinstance(_failure(error), RefusedError)
    assert WHO not in str(_failure(error))


@pytest.mark.parametrize(
    "error",
    [
        refused(450),
        refused(),
        aiosmtplib.SMTPDataError(451, WHO),
        aiosmtplib.SMTPSenderRefused(530, "authentication required", WHO),
        aiosmtplib.SMTPAuthenticationError(535, WHO),
        aiosmtplib.SMTPHeloError(554, WHO),
        aiosmtplib.SMTPConnectResponseError(554, WHO),
        aiosmtplib.SMTPServerDisconnected(WHO),
        aiosmtplib.SMTPReadTimeoutError(WHO),
        aiosmtplib.SMTPException(WHO),
        ConnectionRefusedError(WHO),
        TimeoutError(WHO),
    ],
    ids=repr,
)
def test_anything_else_may_be_mended_and_is_tried_again(error: Exception) -> None:
    assert isinstance(_failure(error), MailServerAwayError)
    assert WHO not in str(_failure(error))
