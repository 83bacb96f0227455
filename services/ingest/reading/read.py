"""Bytes -> `Found`: finds the format and reads it. Runs in the process apart."""

import io

import msoffcrypto  # type: ignore[import-untyped]
import olefile  # type: ignore[import-untyped]
from msoffcrypto import exceptions as crypto

from services.ingest.reading import found, kinds, limits
from services.ingest.reading.formats import doc, docx, html, mail, odt, pdf, plain, rtf, sheets, slides, zipped
from services.ingest.reading.found import Found, Unread
from services.ingest.reading.package import Package

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def read(data: bytes, content_type: str, filename: str) -> Found:
    """Never raises: whatever a library does with hostile bytes ends as a reading."""
    try:
        answer = _read(data, content_type, filename)
    except Unread as unread:
        return Found(unread.reading, note=unread.note)
    except (MemoryError, RecursionError) as error:
        return Found(found.BOMB, note=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the wall between strangers' bytes and us; the name goes to the log
        return Found(found.MALFORMED, note=type(error).__name__)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, no Exception
            raise
        return Found(found.MALFORMED, note="PanicException")
    if len(answer.text.encode("utf-8", "replace")) > limits.MAX_TEXT:
        return Found(found.TOO_LONG, members=answer.members)
    return answer


def _read(data: bytes, content_type: str, filename: str) -> Found:
    match kinds.kind(data, content_type, filename):
        case kinds.PDF:
            return pdf.read(data)
        case kinds.RTF:
            return rtf.read(data)
        case kinds.ZIP:
            return _package(data)
        case kinds.OLE:
            return _ole(data)
        case kinds.MAIL:
            return mail.read(data)
        case kinds.HTML:
            return html.read(data)
        case kinds.PICTURE:
            return Found(found.TRANSCRIBE)
        case kinds.UNSUPPORTED:
            return Found(found.UNSUPPORTED)
        case kinds.EMPTY:
            return Found(found.NO_TEXT)
        case _:
            return plain.read(data)


def _package(data: bytes) -> Found:
    package = Package(data)
    if "word/document.xml" in package.names:
        return docx.read(package)
    if package.has("xl/workbook."):
        return sheets.read_package(package, data)
    if "ppt/presentation.xml" in package.names:
        return slides.read(package)
    if "content.xml" in package.names and "mimetype" in package.names:
        if odt.encrypted(package):
            raise Unread(found.ENCRYPTED)
        if (package.read("mimetype") or b"").startswith(_ODS):
            return sheets.read_package(package, data)
        return odt.read(package)
    if "[Content_Types].xml" in package.names:
        raise Unread(found.UNSUPPORTED, "office file of another kind")
    return zipped.read(package)


def _ole(data: bytes) -> Found:
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        if ole.exists("EncryptedPackage") or _encrypted(data):
            raise Unread(found.ENCRYPTED)
        if ole.exists("WordDocument"):
            return doc.read(ole)
        if ole.exists("Workbook") or ole.exists("Book"):
            return sheets.read(data)
    raise Unread(found.UNSUPPORTED, "compound file of another kind")


def _encrypted(data: bytes) -> bool:
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except (crypto.FileFormatError, crypto.ParseError, OSError, ValueError):
        return False  # no office file, or one too broken to tell: its reader will say
