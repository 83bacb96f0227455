"""What an operator may do with a partner's keys: pure rules over the record; the command line reads and writes it."""

from datetime import datetime, timedelta

from shared.errors import Permanent
from shared.partners import Partner, PartnerKey

FORGET = timedelta(days=30)  # an ended key stays in the record so long, so that its user is told what is wrong


def working(key: PartnerKey, now: datetime) -> bool:
    """Whether requests with it are taken."""
    return not key.revoked and (key.expires_at is None or key.expires_at > now)


def rotated(partner: Partner, new: PartnerKey, now: datetime, grace: timedelta) -> Partner:
    """With the new key; the others work until the grace ends, or as long as they would have anyway."""
    until = now + grace
    kept = [
        key.model_copy(update={"expires_at": min(key.expires_at or until, until)})
        for key in partner.keys
        if key.expires_at is None or key.expires_at > now - FORGET
    ]
    return partner.model_copy(update={"keys": (*kept, new)})


def revoked(partner: Partner, key_id: str | None, now: datetime) -> Partner:
    """Without that key, or without any (None), from now on. Raises Permanent for a key the partner does not have."""
    if key_id is not None and all(key.id != key_id for key in partner.keys):
        raise Permanent(f"partner {partner.id} has no key {key_id}")
    keys = tuple(
        key.model_copy(update={"revoked": True, "expires_at": min(key.expires_at or now, now)})
        if key_id in (None, key.id)
        else key
        for key in partner.keys
    )
    return partner.model_copy(update={"keys": keys})
