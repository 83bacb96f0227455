"""The same text from the same person, sent twice: one keyed hash for both, so that no text and no person shows.

Form letters of different people, and texts of people nobody knows, are opinions of their own and all counted.
"""

import hashlib
import hmac

from services.classify.unread_files import unread
from shared.events import SubmissionReceived
from shared.text import fold


def duplicate_key(secret: bytes, received: SubmissionReceived) -> str | None:
    """Equal for submissions of one person with one folded text to one consultation; None when the person is unknown.

    A bare stance has no text to compare: there the draft, the section and the stance tell two submissions apart. So do files that
    nobody has read yet.
    """
    person = received.respondent.person_hash
    if person is None:
        return None
    text = fold(received.text)
    bare_stance = f"{received.section_ref or ''}:{received.stance or ''}" if not text else ""
    if not text and received.draft_id:  # absent in older events, whose keys must stay
        bare_stance += f":{received.draft_id}"
    if scans := unread(received):  # "see the picture", twice, with two pictures, are two letters
        bare_stance += "".join(f":{sha256}" for sha256 in sorted(scans))
    digest = hashlib.sha256(text.encode()).hexdigest()
    message = "\n".join((received.consultation, person, digest, bare_stance))
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()
