"""Opens the sealed identity of one submission, for one answer."""

from pydantic import ValidationError

from services.notify.receipt import Identity
from shared.errors import Permanent
from shared.events import SubmissionReceived
from shared.sealing import SealingError, open_sealed


def open_identity(sealing_key: str, event: SubmissionReceived) -> Identity:
    """The identity. Raises Permanent; errors say nothing of what is in it."""
    sealed = event.respondent.sealed_identity
    if sealed is None:
        raise Permanent("the event carries no sealed identity")
    try:
        return Identity.model_validate_json(open_sealed(sealing_key, sealed))
    except SealingError:
        raise Permanent("the sealed identity does not open with this key") from None
    except ValidationError:
        raise Permanent("the sealed identity holds something else than an identity") from None
