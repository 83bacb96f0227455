"""A partner's body -> a submission of one consultation. Pure."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from services.ingest.faults import Fault, Faults, from_validation
from services.ingest.submission import SubmissionRequest
from shared.consultation import Consultation
from shared.events import WindowMark
from shared.partners import Partner

Find = Callable[[str], Consultation | None]


class PartnerRequest(SubmissionRequest):
    """The public API's body, and for which consultation it is."""

    consultation_id: str | None = Field(None, max_length=64)


class PartnerLine(PartnerRequest):
    """One line of a batch. `id`: the partner's own, the same when the line is sent again."""

    id: str = Field(pattern=r"^[\x21-\x7e]{1,200}$")


Body = TypeVar("Body", bound=PartnerRequest)


def read(data: dict[str, Any], model: type[Body]) -> Body:
    """Decoded JSON as that body. Raises Faults naming every wrong field."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Faults(from_validation(error)) from error


def choose(partner: Partner, named: str | None, find: Find, now: datetime) -> Consultation:
    """The consultation named; else the only one the partner has, or the only one of them open now. Raises Faults.

    One that there is not and one that is not the partner's are answered alike.
    """
    if named is not None:
        found = find(named) if named in partner.consultations else None
        if found is None:
            raise _wrong("Không có đợt lấy ý kiến này, hoặc đối tác chưa được phép gửi góp ý cho đợt này.")
        return _with_channel(found, partner)
    mine = [one for id_ in partner.consultations if (one := find(id_)) is not None]
    opened = [one for one in mine if one.window.mark(now) is WindowMark.INSIDE]
    for candidates in (mine, opened):
        if len(candidates) == 1:
            return _with_channel(candidates[0], partner)
    if not mine:
        raise _wrong("Hiện chưa có đợt lấy ý kiến nào dành cho đối tác.")
    raise _wrong("Xin nêu rõ đợt lấy ý kiến; đối tác có nhiều đợt.")


def key_of(partner: str, kind: str, key: str) -> str:
    """The idempotency key within the channel: partners cannot meet one another's, nor a signature a key of the same letters."""
    return hashlib.sha256(f"{partner}\n{kind}\n{key}".encode()).hexdigest()


def _with_channel(found: Consultation, partner: Partner) -> Consultation:
    channel = found.channel(partner.channel)
    if channel is None or not channel.enabled:
        raise _wrong("Đợt lấy ý kiến này không mở kênh tiếp nhận của đối tác.")
    return found


def _wrong(reason: str) -> Faults:
    return Faults([Fault("consultation_id", reason)])
