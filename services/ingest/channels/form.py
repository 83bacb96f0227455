"""The e-form's fields <-> a submission request. Pure but for reading the uploaded bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from litestar.datastructures import UploadFile
from litestar.datastructures.multi_dicts import FormMultiDict

from services.ingest import submission
from services.ingest.attachments import BY_EXTENSION, MAX_FILE, MAX_FILES, File
from services.ingest.faults import Fault
from services.ingest.submission import SubmissionRequest

PERSON = ("name", "phone", "email", "address", "group", "unit", "locality")
_IDENTITY = PERSON[:4]
DECOY = "website"  # a field that people do not see; programs that fill in whatever there is fill it in
PROOF = "altcha"
_FIELDS = ("text", "section_ref", "stance", "token", "consent", DECOY, PROOF, *PERSON)


@dataclass(frozen=True)
class Filled:
    """A form as it was typed, to be shown again when something is wrong."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()

    def get(self, name: str) -> str:
        """What was typed; "" for nothing."""
        return self.values.get(name, "")


async def read(form: FormMultiDict) -> Filled:
    """The fields we know; a browser sends nothing else. A field sent twice keeps its last value."""
    values = {
        name: str(value) for name, value in form.multi_items() if name in _FIELDS and not isinstance(value, UploadFile)
    }
    files: list[File] = []
    for value in (v for name, v in form.multi_items() if name == "attachments" and isinstance(v, UploadFile)):
        data = await value.read(MAX_FILE + 1)  # one byte more tells that it is too large
        if value.filename and len(files) <= MAX_FILES:
            # Browsers guess the type from the extension, each in its own way (CSV as Excel, DOCX as nothing): we guess ourselves.
            known = BY_EXTENSION.get(PurePosixPath(value.filename).suffix.lower(), value.content_type)
            files.append(File(filename=value.filename, content_type=known, data=data))
    return Filled(values, tuple(files))


def to_request(filled: Filled) -> SubmissionRequest:
    """The form as a request. Raises Faults."""
    return submission.read(
        {
            "text": filled.get("text"),
            "section_ref": filled.get("section_ref") or None,
            "stance": filled.get("stance") or None,
            "respondent": {name: filled.get(name).strip() or None for name in PERSON},
        }
    )


def consent_faults(filled: Filled) -> list[Fault]:
    """A fault when identity is given without consent: silence is not consent."""
    if filled.get("consent") or not any(filled.get(name).strip() for name in _IDENTITY):
        return []
    reason = "Xin đánh dấu đồng ý để hệ thống được lưu thông tin cá nhân, hoặc để trống các mục về người góp ý."
    return [Fault("consent", reason)]


def decoy_faults(filled: Filled) -> list[Fault]:
    """A fault when the hidden field holds something: told, for a person's browser may have filled it in by itself."""
    if not filled.get(DECOY).strip():
        return []
    reason = (
        "Ô ẩn “Để trống ô này” đã có nội dung (có thể do trình duyệt tự điền), nên ý kiến chưa được tiếp nhận. "
        "Hệ thống đã xóa trống ô đó, các mục khác còn nguyên; xin bấm gửi lại."
    )
    return [Fault("gui", reason)]


def choose_again(filled: Filled, faults: Iterable[Fault]) -> list[Fault]:
    """What a page that comes back must say of the files: no browser keeps them chosen, and a letter sent again without its
    file would be taken for the whole letter.
    """
    if not filled.files or any(fault.field == "attachments" for fault in faults):
        return []
    names = ", ".join(f"“{file.filename[:100]}”" for file in filled.files)
    return [Fault("attachments", f"Trình duyệt không giữ lại tệp đã chọn; xin chọn lại tệp {names} trước khi gửi lại.")]


def for_page(faults: Iterable[Fault]) -> list[Fault]:
    """The same faults with the ids of the form's inputs as fields, so that the summary can link to them."""
    return [Fault(_input(fault.field), fault.reason) for fault in faults]


def _input(path: str) -> str:
    if path.startswith("attachments"):
        return "attachments"
    name = path.removeprefix("respondent.")
    return name if name == "gui" or (name in _FIELDS and name not in {"token", DECOY, PROOF}) else "text"
