"""Text files of any encoding seen in Vietnam: UTF-8, UTF-16, windows-1258, and the bytes of TCVN3, VNI and VISCII."""

from services.ingest.reading import found, legacy_fonts
from services.ingest.reading.found import Found, Unread, of_text
from services.ingest.reading.runs import clean

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read(data: bytes) -> Found:
    """Raises Unread for what is no text."""
    text = decode(data)
    if text is None:
        raise Unread(found.UNSUPPORTED, "binary")
    return of_text(clean(text))


def decode(data: bytes) -> str | None:
    """The characters; None for binary data."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
    pairs = max(1, min(len(data), 4096) // 2)
    if odd > pairs * 0.3 and odd > even * 2:
        return data.decode("utf-16-le", "replace")
    if even > pairs * 0.3 and even > odd * 2:
        return data.decode("utf-16-be", "replace")
    if _binary(data):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if (read := _cut_utf8(data)) is not None:
        return read
    latin = data.decode("latin-1")
    return legacy_fonts.decode(latin) or data.decode("cp1258", "replace")


def _cut_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken places is still UTF-8."""
    text = data.decode("utf-8", "replace")
    high = sum(1 for c in text if c > "\x7f")
    return text if text.count("\ufffd") * 10 <= high else None


def _binary(data: bytes) -> bool:
    head = data[:65536]
    controls = sum(head.count(bytes([code])) for code in (*range(9), *range(14, 27), 28, 29, 30, 31))
    return controls * 100 > len(head) + 400  # a few strays make no program
