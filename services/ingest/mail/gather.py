"""The tree of parts -> the lines of the mail's text, its files, and which pictures its HTML shows."""

import re
from dataclasses import dataclass, field

from services.ingest.mail import data_uri, leaf, lines, smime
from services.ingest.mail.content import MailFile
from services.ingest.mail.files import SMALL_PICTURE
from services.ingest.mail.leaf import Room
from services.ingest.mail.lines import BLANK, Line
from services.ingest.mail.parts import Part
from shared import text as texts

_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_LEFT_OUT = _SIGNATURES | {"application/applefile", "text/x-amp-html", "text/watch-html", "application/pgp-encrypted"}
_REPORTS = {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/global",
            "message/rfc822", "text/rfc822-headers", "message/global-headers"}  # fmt: skip
_STUB = re.compile(
    r"khong ho tro (?:dinh dang )?html|khong hien thi duoc html|(?:o|bang) (?:dinh dang|dang|che do) html"
    r"|html (?:viewer|mail viewer|capable|enabled|compatible|email viewer)|not support html"
    r"|(?:view|see|display|read) (?:this|the) (?:message|e ?mail|mail)"
    r"|(?:message|e ?mail) (?:is|was sent|contains?) (?:in |only )*html|html version"
)
_LOST = re.compile(r"\w\?{1,3}\w")


@dataclass
class Gathered:
    """What a part and all within it come to."""

    text: list[Line] = field(default_factory=list)
    html: bool = False  # the text came from HTML
    shown: list[Line] = field(default_factory=list)  # lines of HTML that may show pictures, chosen as text or not
    files: list[Part] = field(default_factory=list)
    contents: list[tuple[Part, str | None]] = field(
        default_factory=list
    )  # every leaf and its text, for the fingerprint
    pictures: list[MailFile] = field(default_factory=list)  # written into the HTML itself
    encrypted: bool = False
    sound: bool = True

    def take(self, other: "Gathered") -> None:
        """Everything of another but its text."""
        self.shown += other.shown
        self.files += other.files
        self.contents += other.contents
        self.pictures += other.pictures
        self.encrypted = self.encrypted or other.encrypted
        self.sound = self.sound and other.sound


def gather(part: Part, room: Room) -> Gathered:
    """Total; as deep as the tree is, which is bounded."""
    if part.children:
        return _GATHERERS.get(part.content_type, _mixed)(part, room)
    return _leaf(part, room)


def _leaf(part: Part, room: Room) -> Gathered:
    broken = part.content_type.startswith("multipart/")  # no part in it: what there is may be text all the same
    found = Gathered(sound=part.decoded[1] and not broken)
    if leaf.is_text(part) or (broken and part.disposition != "attachment"):
        content = leaf.text(part)
        found.text, found.html, found.encrypted = leaf.read(part, content, room)
        found.shown = found.text if found.html else []
        found.pictures = data_uri.pictures(content, over=SMALL_PICTURE) if found.html else []
        found.contents.append((part, content))
        return found
    found.contents.append((part, None))
    if part.content_type in smime.TYPES:
        found.encrypted = True
    if part.content_type not in _LEFT_OUT:
        found.files.append(part)
    return found


def _mixed(part: Part, room: Room) -> Gathered:
    """All texts, one below the other; a text that comes as plain and as HTML beside it, once."""
    found = Gathered()
    last = ""
    for child in part.children:
        one = gather(child, room)
        found.take(one)
        if not any(not line.empty for line in one.text):
            continue
        folded = texts.fold(lines.render(one.text))
        if found.text and one.html != found.html and folded and (folded == last or folded in last):
            continue
        found.html = one.html
        last = folded
        found.text += [*one.text, BLANK]
    return found


def _alternative(part: Part, room: Room) -> Gathered:
    found = Gathered()
    versions = [gather(child, room) for child in part.children]
    for one in versions:
        found.take(one)
    plain = next((one.text for one in versions if not one.html and any(not line.empty for line in one.text)), [])
    rich = next((one.text for one in reversed(versions) if one.html and any(not line.empty for line in one.text)), [])
    found.html = bool(rich) and (not plain or _poorer(lines.render(plain), lines.render(rich)))
    found.text = rich if found.html else plain
    if found.text:  # the invitation, told once more for calendars
        found.files = [one for one in found.files if one.content_type != "text/calendar" or one.filename]
    return found


def _poorer(plain: str, rich: str) -> bool:
    """Whether the plain version is a stub, or lost words or diacritics that the HTML has."""
    words, more = len(plain.split()), len(rich.split())
    if words < 60 and _STUB.search(texts.fold(plain)) and not _STUB.search(texts.fold(rich[:2000])):
        return True
    if more > 2 * words + 10:
        return True
    if plain.count("\ufffd") > rich.count("\ufffd") or len(_LOST.findall(plain)) > len(_LOST.findall(rich)) + 2:
        return True
    return plain.isascii() and sum(c > "\x7f" and c.isalpha() for c in rich) >= 5


def _related(part: Part, room: Room) -> Gathered:
    start = part.type_params.get("start", "").strip(" <>")
    root = next((child for child in part.children if start and child.content_id == start), part.children[0])
    found = gather(root, room)
    for child in part.children:
        if child is not root:
            one = gather(child, room)
            found.take(one)
            if one.text and not one.html and not any(not line.empty for line in found.text):
                found.text = one.text
    return found


def _signed(part: Part, room: Room) -> Gathered:
    """RFC 1847: the content, then its signature."""
    found = gather(part.children[0], room)
    for child in part.children[1:]:
        if child.content_type in _SIGNATURES or child.filename.lower() in {"smime.p7s", "signature.asc"}:
            continue
        one = gather(child, room)
        found.take(one)
        found.text += [BLANK, *one.text]
    return found


def _encrypted(part: Part, room: Room) -> Gathered:
    found = _mixed(part, room)
    found.encrypted, found.text = True, []
    return found


def _report(part: Part, room: Room) -> Gathered:
    """RFC 6522: words for people, then what is for machines and the mail it is about."""
    found = _mixed(part, room)
    found.files = [one for one in found.files if one.content_type not in _REPORTS]
    return found


_GATHERERS = {
    "multipart/alternative": _alternative,
    "multipart/related": _related,
    "multipart/signed": _signed,
    "multipart/encrypted": _encrypted,
    "multipart/report": _report,
}
