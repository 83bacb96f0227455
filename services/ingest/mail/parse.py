"""The bytes of a mail -> `MailContent`. Never raises, whatever the bytes."""

import hashlib
from email.message import Message

from services.ingest.mail import (
    automatic,
    charsets,
    damage,
    files,
    fingerprint,
    gather,
    headers,
    leaf,
    lines,
    quotes,
    subject,
    words,
)
from services.ingest.mail.content import MailContent
from services.ingest.mail.headers import Headers
from services.ingest.mail.parts import Part, Tree


def parse(raw: bytes, *, own_addresses: frozenset[str] = frozenset(), return_path: str | None = None) -> MailContent:
    """The mail, read. `own_addresses`: ours; `return_path`: the envelope's sender ("" is the null one), None when not known.

    Pure; time and memory are bounded by the size of `raw` (parts: 1,000, depth: 20).
    """
    own = frozenset(address.strip().lower() for address in own_addresses)
    try:
        return read(raw, own, return_path)
    except Exception:  # noqa: BLE001 - a mail that our reading cannot bear is still a citizen's letter: told as damage
        return _last_resort(raw, own, return_path)


def read(raw: bytes, own: frozenset[str] = frozenset(), return_path: str | None = None) -> MailContent:
    """What `parse` does when nothing goes wrong; tests call it, so that no fault of ours hides behind the last resort."""
    tree = Tree(raw)
    return _content(tree.root.headers, tree, raw, own, return_path)


def _last_resort(raw: bytes, own: frozenset[str], return_path: str | None) -> MailContent:
    """The text by its best charset from the raw body; of the header what can be read."""
    try:
        head = Tree(raw[:100_000]).root.headers
        return _content(head, None, raw, own, return_path)
    except Exception:  # noqa: BLE001 - not even that: the bytes as text, to nobody answerable
        return MailContent(
            message_id=None, references=None, subject="", from_name=None, from_address=None, reply_address=None, recipients=(),
            date=None, text=raw.decode("utf-8", "replace").replace("\0", ""), files=(), automatic=None, answerable=False,
            damage=damage.MALFORMED, fingerprint=hashlib.sha256(raw).hexdigest(),
        )  # fmt: skip


def _content(head: Headers, tree: Tree | None, raw: bytes, own: frozenset[str], return_path: str | None) -> MailContent:
    """`tree` None: the text is all there is behind the header, as it stands."""
    found = gather.gather(tree.root, leaf.Room()) if tree else _as_it_stands(raw)
    title = head.text("subject")
    chosen = quotes.new_lines(found.text, forward=subject.forwards(title))
    kept = _pictures(chosen) | _pictures(quotes.new_lines(found.shown, forward=subject.forwards(title)))
    attached = (*files.of_mail(found.files, shown=_pictures(found.shown), kept=kept), *found.pictures)
    text = subject.in_front(title, lines.render(chosen), with_files=bool(attached))
    senders = headers.addresses(head.all("from")[:1])
    name, sender = senders[0] if senders else (_only_name(head), None)
    answers_to = [address for _, address in headers.addresses(head.all("reply-to")[:1])]
    reply = answers_to[0] if len(answers_to) == 1 else sender
    own_id = headers.message_id(head)
    null = automatic.null_sender(head, return_path)
    machine = automatic.kind(
        head,
        content_type=tree.root.content_type if tree else "text/plain",
        report_type=tree.root.type_params.get("report-type", "").lower() if tree else "",
        sender=sender,
        message_id=own_id,
        null_sender=null,
        own_addresses=own,
        brings_files=bool(attached),
    )
    sent = headers.date(head)
    return MailContent(
        message_id=own_id,
        references=headers.references(head, own_id),
        subject=title[: headers.MAX_SUBJECT].strip(),
        from_name=name or None,
        from_address=sender,
        reply_address=reply,
        recipients=_recipients(head),
        date=sent,
        text=text,
        files=attached,
        automatic=machine,
        answerable=automatic.answerable(
            head, found=machine, to=reply, sender=sender, null_sender=null, own_addresses=own
        ),
        damage=damage.code(
            encrypted=found.encrypted,
            too_complex=tree.too_complex if tree else False,
            sound=found.sound and tree is not None and tree.sound,
            nothing=not text and not attached and not raw.strip(),
        ),
        fingerprint=fingerprint.of(
            (sender or head.raw("from") or "", sent.isoformat() if sent else head.raw("date") or "", title),
            (
                (part.content_type, fingerprint.text(content) if content is not None else _plain_ends(part))
                for part, content in found.contents
            ),
        ),
    )


def _as_it_stands(raw: bytes) -> gather.Gathered:
    body = raw.partition(b"\n\n")[2] or raw.partition(b"\r\n\r\n")[2] or raw
    part = Part(Headers(Message()), body, 0, len(body), "text/plain", 1)
    content = charsets.decode(body)
    return gather.Gathered(text=lines.plain(content, leaf.MAX_LINES), contents=[(part, content)], sound=False)


def _pictures(found: list[lines.Line]) -> frozenset[str]:
    return frozenset(cid for line in found for cid in line.cids)


def _plain_ends(part: Part) -> bytes:
    """What is text, or travels as lines, changes its line ends on the way; what is packed does not."""
    packed = part.headers.token("content-transfer-encoding") == "base64"
    if packed and not part.content_type.startswith(("text/", "message/")):
        return part.data
    return part.data.replace(b"\r\n", b"\n").strip()


def _only_name(head: Headers) -> str:
    """The name in a From that has no usable address."""
    return (
        words.decode((head.raw("from") or "").partition("<")[0].strip(' "'))[:200]
        if "<" in (head.raw("from") or "")
        else ""
    )


def _recipients(head: Headers) -> tuple[str, ...]:
    values = [value for name in ("to", "cc", "delivered-to", "x-original-to") for value in head.all(name)[:20]]
    return tuple(dict.fromkeys(address for _, address in headers.addresses(values)))[: headers.MAX_RECIPIENTS]
