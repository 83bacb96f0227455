"""Small files for the tests, built where they are needed."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pypdf

from services.ingest.reading import legacy_fonts

SAMPLES = Path(__file__).parent / "samples"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def sample(name: str) -> bytes:
    """A committed file."""
    return (SAMPLES / name).read_bytes()


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """The smallest Word document with this body; `more`: further parts, `{ns}` in them is the namespace."""
    parts = {name: text.replace("{ns}", _W) if isinstance(text, str) else text for name, text in (more or {}).items()}
    return zipped({"word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>", **parts})


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph of WordprocessingML."""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def tcvn3(text: str) -> str:
    """As somebody types it with a .VnTime font."""
    codes = {letter: chr(code) for code, letter in legacy_fonts._TCVN3.items() if code < 256}
    return "".join(codes.get(c, c) for c in text)


def vni(text: str) -> str:
    """As somebody types it with a VNI font."""
    codes: dict[str, str] = {}
    for typed, letter in legacy_fonts._VNI.items():
        codes.setdefault(letter, typed)
    return "".join(codes.get(c, c) for c in text)


def viscii(text: str) -> str:
    """As somebody types it with a VISCII font."""
    codes = {letter: chr(code) for code, letter in legacy_fonts._VISCII.items()}
    return "".join(codes.get(c, c) for c in text)


def pdf(*, password: str | None = None, pages: int = 1, stream: bytes = b"") -> bytes:
    """A PDF without a text of its own; `stream`: what every page's content unpacks to."""
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        if stream:
            content = pypdf.generic.StreamObject()
            content.set_data(stream)
            page[pypdf.generic.NameObject("/Contents")] = writer._add_object(content.flate_encode())
    if password is not None:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
