"""An invented consultation, just large enough for the classifier's tests."""

from datetime import UTC, datetime

from shared.consultation import Consultation

_TOPICS = (
    (1, "Chủ đề Đại hội và phương châm hành động", ("chủ đề Đại hội", "phương châm"), ("I",)),
    (2, "Đánh giá kết quả thực hiện Nghị quyết", ("kết quả đạt được", "thành tựu"), ("II",)),
    (3, "Hạn chế, nguyên nhân và bài học", ("hạn chế", "nguyên nhân", "bài học kinh nghiệm"), ("III",)),
    (
        6,
        "Nhiệm vụ, giải pháp phát triển kinh tế - xã hội",
        ("đường giao thông", "giáo viên", "trạm y tế"),
        ("IV", "IV.1"),
    ),
)
_SECTIONS = (
    {"ref": "I", "title": "Chủ đề", "page": 1},
    {"ref": "II", "title": "Kết quả", "page": 2},
    {"ref": "III", "title": "Hạn chế", "page": 5},
    {"ref": "IV", "title": "Nhiệm vụ", "page": 8},
    {"ref": "IV.1", "title": "Giao thông", "page": 8},
)


def small_consultation(id_: str = "thu-nghiem", **changes: object) -> Consultation:
    """A valid definition; `changes` replace whole fields."""
    definition: dict[str, object] = {
        "id": id_,
        "title": "Lấy ý kiến vào dự thảo Báo cáo chính trị",
        "short_title": "Dự thảo Báo cáo chính trị",
        "introduction": "Đợt lấy ý kiến dùng để thử nghiệm.",
        "issuer": {
            "parent": "TỈNH ỦY",
            "name": "BAN TUYÊN GIÁO VÀ DÂN VẬN",
            "report_symbol": "BC/BTGDVTU",
            "place": "Điện Biên",
            "post": "TRƯỞNG BAN",
            "addressees": ["Ban Thường vụ"],
            "distribution_list": ["Lưu Văn phòng Ban"],
        },
        "window": {"opens": datetime(2025, 6, 11, tzinfo=UTC), "closes": datetime(2025, 6, 21, tzinfo=UTC)},
        "support_phone": "0000",
        "drafts": [
            {
                "id": "bao-cao",
                "title": "Báo cáo chính trị",
                "versions": [
                    {"version": 1, "published_on": "2025-06-10", "text": "bao-cao.txt", "sections": list(_SECTIONS)}
                ],
            }
        ],
        "topic_groups": [
            {"code": code, "title": title, "description": title, "hints": list(hints), "sections": list(sections)}
            for code, title, hints, sections in _TOPICS
        ],
        "channels": [{"id": "web", "name": "Biểu mẫu điện tử"}],
        "recipients": [{"id": "thuong-truc", "post": "Thường trực", "email": "thuong-truc@example.vn"}],
    }
    return Consultation.model_validate(definition | changes)
