"""Content-Transfer-Encoding undone. Total: what is broken is read as far as it goes, and told."""

import base64
import binascii
import re

_SPACE = b" \t\r\n\x0b\x0c"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_FIRST_LINE = re.compile(
    rb"\s*(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{24}|[A-Za-z0-9+/]{2,3}={1,2})\s*(?:\r?\n|\Z)"
)  # packed beyond doubt
_UU = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


def decode(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """(bytes, sound). `encoding` in lower case; an unknown one changes nothing."""
    if encoding == "base64":
        return _base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body), True
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uu(body)
    return body, True


def _base64(body: bytes) -> tuple[bytes, bool]:
    packed = body.translate(None, _SPACE)
    try:
        return base64.b64decode(packed, validate=True), True
    except binascii.Error:
        pass
    clean = _NOT_BASE64.sub(b"", packed)
    if not _FIRST_LINE.match(body) and (
        len(clean) * 10 < len(packed) * 9 or (len(body) > 40 and body.count(b" ") * 12 > len(body))
    ):
        return body, False  # plain text under a wrong label
    data, sound = bytearray(), True
    for block in _blocks(body):
        whole = len(block) // 4 * 4
        data += base64.b64decode(block[:whole])
        rest = block[whole:]
        if len(rest) > 1:
            data += base64.b64decode(rest + b"=" * (4 - len(rest)))
    if b"=" not in clean and len(clean) % 4:
        sound = False  # cut off in the middle
    return bytes(data), sound


def _blocks(body: bytes) -> list[bytes]:
    """The runs between paddings (lines encoded one by one). Lines of prose behind a padding are a list's footer, no data."""
    lines, padded = [], False
    for line in body.splitlines():
        if padded and b" " in line.strip():
            continue
        clean = _NOT_BASE64.sub(b"", line)
        padded = padded or clean.endswith(b"=")
        lines.append(clean)
    return [block for block in re.split(rb"=+", b"".join(lines)) if block]


def _uu(body: bytes) -> tuple[bytes, bool]:
    begin = _UU.search(body)
    data = bytearray()
    for line in body[begin.end() if begin else 0 :].splitlines():
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            data += binascii.a2b_uu(line)
        except binascii.Error:
            count = ((line[0] - 32) & 63) * 4 // 3 + 3  # lines padded with rubbish
            try:
                data += binascii.a2b_uu(line[: count + 1])
            except binascii.Error:
                return bytes(data), False
    return bytes(data), begin is not None
