"""What codes are called on the pages of the readers, in Vietnamese; stances as in the reports."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.consultation import Consultation, Section
from shared.events import Stance

OUTSIDE: Final = "Ngoài các nhóm vấn đề"
STANCES: Final[Mapping[Stance, str]] = {
    Stance.AGREE: "Tán thành",
    Stance.PARTLY_AGREE: "Đồng ý một phần",
    Stance.DISAGREE: "Không tán thành",
    Stance.AMEND: "Đề nghị sửa đổi",
    Stance.SUPPLEMENT: "Đề nghị bổ sung",
    Stance.DELETE: "Đề nghị lược bỏ",
    Stance.QUESTION: "Nêu câu hỏi",
    Stance.NONE: "Ý kiến khác",
}
STANCE_HINTS: Final[Mapping[Stance, str]] = {
    Stance.AGREE: "nhất trí với dự thảo, không đề nghị thay đổi",
    Stance.PARTLY_AGREE: "nhất trí một phần, còn băn khoăn một phần",
    Stance.DISAGREE: "không nhất trí với nội dung của dự thảo",
    Stance.AMEND: "đề nghị viết lại, điều chỉnh nội dung đã có",
    Stance.SUPPLEMENT: "đề nghị thêm nội dung chưa có",
    Stance.DELETE: "đề nghị bỏ nội dung đã có",
    Stance.QUESTION: "hỏi, đề nghị giải thích",
    Stance.NONE: "kiến nghị, nhận xét khác",
}
# Lane of the queue -> what waits there, and why.
LANES: Final[Mapping[str, tuple[str, str]]] = {
    "settle": ("Hai người đọc khác nhau", "Cần người thứ ba quyết định."),
    "conflict": (
        "Căn cứ chưa thống nhất",
        "Nội dung và phần dự thảo được dẫn, hoặc thái độ và đề nghị sửa, không khớp nhau.",
    ),
    "outside": (OUTSIDE, "Phần mềm không tìm thấy nhóm vấn đề phù hợp."),
    "low_confidence": ("Phần mềm chưa chắc chắn", "Xem ý kiến kém chắc chắn nhất trước."),
    "language": ("Không phải tiếng Việt", "Cần người đọc được tiếng dân tộc thiểu số hoặc tiếng nước ngoài."),
    "sample": ("Mẫu kiểm tra chất lượng", "Hai người đọc độc lập, không xem kết quả của phần mềm."),
}
EVIDENCE_BY: Final[Mapping[str, str]] = {
    "words": "từ ngữ của đợt lấy ý kiến",
    "learned": "mô hình học từ các lần thẩm định trước",
    "correction": "kết quả thẩm định trước đó",
}
LANGUAGES: Final[Mapping[str, str]] = {
    "vi": "Tiếng Việt",
    "hmn": "Tiếng Mông",
    "mww": "Tiếng Mông",
    "blt": "Tiếng Thái",
    "tai": "Tiếng Thái",
    "en": "Tiếng Anh",
    "zh": "Tiếng Trung Quốc",
    "fr": "Tiếng Pháp",
    "lo": "Tiếng Lào",
}
OTHER_LANGUAGE: Final = "Ngôn ngữ chưa xác định"
NO_CUE: Final = "không có từ ngữ nào của đợt lấy ý kiến trong đoạn này"
ASIDE: Final = "Phần không phải là ý kiến (lời chào, tiêu đề, phần ký tên) được in mờ."


def topics(consultation: Consultation) -> Sequence[tuple[int, str, str]]:
    """Code, title and description of every group, "outside" last."""
    groups = sorted(consultation.topic_groups, key=lambda group: group.code)
    return (*((g.code, g.title, g.description) for g in groups), (0, OUTSIDE, "không thuộc nội dung của các nhóm trên"))


def topic_title(consultation: Consultation, code: int) -> str:
    """The title of a group; a code that the definition knows no longer is shown as it is."""
    return next((title for known, title, _ in topics(consultation) if known == code), f"Nhóm vấn đề số {code}")


def language(code: str) -> str:
    """The name of a language; codes are nothing for readers."""
    return LANGUAGES.get(code, OTHER_LANGUAGE)


def section(consultation: Consultation, ref: str) -> str:
    """A section of the draft, as people cite it, with its title."""
    found: Section | None = consultation.section_refs().get(ref)
    return f"Mục {found.shown}. {found.title}" if found is not None else f"Mục {ref}"
