"""Attached files: decoded strictly, their bytes looked at, their names made harmless. Pure."""

import base64
import binascii
import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from services.ingest.faults import Fault, TooLarge
from services.ingest.reading import kinds
from services.ingest.reading.formats.plain import decode
from shared import text as texts
from shared.events import Frozen, Reading

MAX_FILES = 10
MAX_FILE = 10_000_000  # bytes
_MB = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML = "application/vnd.openxmlformats-officedocument."


class Encoded(Protocol):
    """A file as it stands in a JSON body."""

    @property
    def filename(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def content_base64(self) -> str: ...


class File(Frozen):
    """A file as it came: the name still as sent, the type as declared. `reading` and `text` are filled in by `reading/`."""

    filename: str
    content_type: str
    data: bytes
    role: Literal["file", "original"] = "file"
    sealed: bool = False  # store it as a sealed box: it names the sender (the whole mail, say)
    reading: Reading | None = None
    text: str = ""  # what was read in it; only with Reading.TEXT


def _starts(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magics)


def _zip_with(member: str) -> Callable[[bytes], bool]:
    def looks(data: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:  # reads the directory only: no bomb can unfold here
                return any(name.startswith(member) for name in archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
            return False

    return looks


def _plain_text(data: bytes) -> bool:
    text = decode(data)  # any encoding seen in Vietnam
    return text is not None and texts.reject_reason(text) is None


_LOOKS: dict[str, Callable[[bytes], bool]] = {
    "application/pdf": lambda data: b"%PDF-" in data[:1024],
    "image/jpeg": _starts(b"\xff\xd8\xff"),
    "image/png": _starts(b"\x89PNG\r\n\x1a\n"),
    "image/gif": _starts(b"GIF87a", b"GIF89a"),
    "image/tiff": _starts(b"II*\0", b"MM\0*"),
    "image/webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
    "image/heic": lambda data: data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1"},
    f"{_OOXML}wordprocessingml.document": _zip_with("word/"),
    f"{_OOXML}spreadsheetml.sheet": _zip_with("xl/"),
    f"{_OOXML}presentationml.presentation": _zip_with("ppt/"),
    "application/vnd.oasis.opendocument.text": _zip_with("content.xml"),
    "application/vnd.oasis.opendocument.spreadsheet": _zip_with("content.xml"),
    "application/msword": _starts(_OLE),
    "application/vnd.ms-excel": _starts(_OLE),
    "application/vnd.ms-powerpoint": _starts(_OLE),
    "application/rtf": _starts(b"{\\rtf"),
    "text/rtf": _starts(b"{\\rtf"),
    "text/plain": _plain_text,
    "text/csv": _plain_text,
    "application/zip": _starts(b"PK\x03\x04"),
    "application/x-zip-compressed": _starts(b"PK\x03\x04"),  # as Windows calls it
    "message/rfc822": lambda data: kinds.kind(data, "message/rfc822") == kinds.MAIL,
}
BY_EXTENSION = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".docx": f"{_OOXML}wordprocessingml.document",
    ".xlsx": f"{_OOXML}spreadsheetml.sheet",
    ".pptx": f"{_OOXML}presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".eml": "message/rfc822",
}


def read(encoded: Sequence[Encoded], raw: Sequence[File], faults: list[Fault]) -> tuple[File, ...]:
    """The files, checked; adds a Fault for each wrong one. Raises TooLarge when one is over `MAX_FILE`."""
    if len(encoded) + len(raw) > MAX_FILES:
        faults.append(Fault("attachments", f"Có quá {MAX_FILES} tệp đính kèm."))
        return ()
    found = [_decode(index, one, faults) for index, one in enumerate(encoded)]
    found += raw
    return tuple(checked for index, file in enumerate(found) if file and (checked := _check(index, file, faults)))


def _decode(index: int, one: Encoded, faults: list[Fault]) -> File | None:
    if len(one.content_base64) > MAX_FILE // 3 * 4 + 8:
        raise TooLarge(_over(index))
    try:
        data = base64.b64decode(one.content_base64.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        faults.append(Fault(f"attachments[{index}].content_base64", "Không phải base64 hợp lệ."))
        return None
    return File(filename=one.filename, content_type=one.content_type, data=data)


def _check(index: int, file: File, faults: list[Fault]) -> File | None:
    if len(file.data) > MAX_FILE:
        raise TooLarge(_over(index))
    content_type = file.content_type.partition(";")[0].strip().lower()
    looks = _LOOKS.get(content_type)
    if looks is None:
        reason = "Loại tệp này chưa được tiếp nhận; xin gửi PDF, ảnh, tài liệu văn phòng, văn bản thuần, tệp nén .zip hoặc thư .eml."
        faults.append(Fault(f"attachments[{index}].content_type", reason))
        return None
    if not file.data:
        faults.append(Fault(f"attachments[{index}]", "Tệp rỗng, không có nội dung."))
        return None
    if not looks(file.data):
        reason = "Nội dung tệp không đúng với loại tệp đã khai; có thể tệp bị hỏng, có mật khẩu hoặc đã đổi tên."
        faults.append(Fault(f"attachments[{index}]", reason))
        return None
    return File(filename=safe_name(file.filename), content_type=content_type, data=file.data)


def _over(index: int) -> Fault:
    return Fault(f"attachments[{index}]", f"Tệp lớn quá {MAX_FILE // _MB} MB; xin chia nhỏ hoặc nén lại.")


def safe_name(name: str) -> str:
    """A file name without folders, control characters or direction marks, at most 150 characters; never empty."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(" .")
    return kept[-150:].strip(" .") or "tep-dinh-kem"
