"""Who wrote: normalised for counting, sealed for answering. What leaves this file names nobody. Pure."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from typing import Protocol

from email_validator import EmailNotValidError, validate_email

from services.ingest.faults import Fault
from shared import text as texts
from shared.consultation import Consultation
from shared.events import Frozen, Respondent

_WRONG_EMAIL = "Địa chỉ thư điện tử chưa đúng; ví dụ đúng: ten@example.vn."
_UNKNOWN = {
    "group": "Đợt lấy ý kiến này không có đối tượng góp ý đã ghi; ý kiến vẫn được tiếp nhận, chưa tính theo đối tượng.",
    "unit": "Đợt lấy ý kiến này không có đơn vị đã ghi; ý kiến vẫn được tiếp nhận, chưa tính theo đơn vị.",
    "locality": "Đợt lấy ý kiến này không có địa bàn đã ghi; ý kiến vẫn được tiếp nhận, chưa tính theo địa bàn.",
}
Seal = Callable[[bytes], str]


class Declared(Protocol):
    """What the sender said of themselves."""

    @property
    def name(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def address(self) -> str | None: ...
    @property
    def group(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def locality(self) -> str | None: ...


class ReplyTo(Frozen):
    """Where and in which thread an answer goes; sealed like the rest of the identity, for ids of messages name people."""

    message_id: str | None = None  # of the mail, with its angle brackets
    references: str | None = None
    subject: str | None = None
    zalo_oa: str | None = None
    zalo_user: str | None = None


class Person(Frozen):
    """The declaration, normalised; lives only until it is sealed."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    group: str | None = None
    unit: str | None = None
    locality: str | None = None
    account: str | None = (
        None  # by which the channel knows the person (`vneid:<issuer>:<subject>`); only its keyed hash is kept
    )
    reply_to: ReplyTo | None = None
    answered: bool = True  # False: no receipt goes to this address (a list, a machine)
    unknown: tuple[tuple[str, str], ...] = ()  # group, unit or locality that the consultation does not know, as written

    @property
    def named(self) -> bool:
        """Whether anything given here identifies a person."""
        return any((self.name, self.phone, self.email, self.address, self.reply_to, self.unknown))


def read(declared: Declared, consultation: Consultation, faults: list[Fault], notes: list[Fault]) -> Person:
    """Normalises; adds a Fault for each field that is wrong.

    Group, unit and locality are taken by code or by name. One the consultation does not know must not turn a citizen away: it
    is kept (sealed, for free text may name people), counted as not declared, and noted.
    """

    def field(name: str, rule: Callable[[str], str]) -> str | None:
        value: str | None = getattr(declared, name)
        if value is None:
            return None
        if value.strip() and (reason := texts.reject_reason(value)):
            faults.append(Fault(f"respondent.{name}", reason))
            return None
        line = " ".join(texts.normalise(value).split())
        try:
            return rule(line) if line else None
        except ValueError as error:
            faults.append(Fault(f"respondent.{name}", str(error)))
            return None

    written = {name: field(name, str) for name in _UNKNOWN}
    found = {name: _code(_known(consultation, name), value) if value else None for name, value in written.items()}
    unknown = tuple((name, value) for name, value in written.items() if value and found[name] is None)
    notes.extend(Fault(f"respondent.{name}", _UNKNOWN[name]) for name, _ in unknown)
    return Person(
        name=field("name", str),
        phone=field("phone", normalise_phone),
        email=field("email", normalise_email),
        address=field("address", str),
        unknown=unknown,
        **found,
    )


def _known(consultation: Consultation, field: str) -> dict[str, str]:
    """Code -> name of what may stand in the field."""
    if field == "unit":
        return {unit.id: unit.name for unit in consultation.units}
    listed = consultation.respondent_groups if field == "group" else consultation.localities
    return {one.code: one.name for one in listed}


def _code(known: Mapping[str, str], value: str) -> str | None:
    """The code itself, or the one code whose name reads the same (case, diacritics and spaces aside)."""
    if value in known:
        return value
    named = [code for code, name in known.items() if texts.fold(name) == texts.fold(value)]
    return named[0] if len(named) == 1 else None


def normalise_phone(text: str) -> str:
    """`+84 912.345.678` and `0912 345 678` both as `0912345678`; a foreign number keeps its `+`. Raises ValueError."""
    digits = re.sub(r"[\s.()\-]", "", text)
    digits = re.sub(r"^(\+84|0084|84(?=\d{9,10}$))0?", "0", digits)
    if not re.fullmatch(r"0\d{9,10}|\+[1-9]\d{7,14}", digits, re.ASCII):
        raise ValueError("Số điện thoại chưa đúng; ví dụ đúng: 0912 345 678.")
    return digits


def normalise_email(text: str) -> str:
    """Lower case, checked for form only, nobody is asked over the network. Raises ValueError."""
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise ValueError(_WRONG_EMAIL) from error
    if "." not in found.domain:
        raise ValueError(_WRONG_EMAIL)
    return found.normalized.lower()


def person_hash(pepper: bytes, person: Person) -> str | None:
    """The keyed hash by which "the same person?" is asked: of the email, else the phone, else the channel's account; None without."""
    contact = f"email:{person.email}" if person.email else f"phone:{person.phone}" if person.phone else None
    if contact is None and person.account:
        contact = f"account:{person.account}"
    return hmac.new(pepper, contact.encode(), hashlib.sha256).hexdigest() if contact else None


def for_event(
    person: Person, tracking_code: str, filenames: tuple[str, ...], *, pepper: bytes, seal: Seal
) -> Respondent:
    """What the event may carry. File names are sealed too, for names of files name people; nothing to seal: no seal."""
    sealed = None
    if person.named or filenames:
        identity = {"name": person.name, "phone": person.phone, "email": person.email, "address": person.address}
        blob: dict[str, object] = identity | {
            "tracking_code": tracking_code,
            "filenames": list(filenames),
            **dict(person.unknown),
        }
        if person.reply_to:
            blob["reply_to"] = person.reply_to.model_dump(exclude_none=True)
        sealed = seal(json.dumps(blob, ensure_ascii=False, sort_keys=True).encode())
    return Respondent(
        sealed_identity=sealed,
        person_hash=person_hash(pepper, person),
        has_email=person.answered and person.email is not None,
        has_zalo=person.answered and person.reply_to is not None and person.reply_to.zalo_user is not None,
        group=person.group,
        unit=person.unit,
        locality=person.locality,
    )
