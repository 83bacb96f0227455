"""Words by which people speak of something no topic group is about: other documents, or how the consultation itself is run.

A definition that uses such a phrase itself (a consultation on a law) makes it its own: then it says nothing here.
"""

ELSEWHERE = (
    # other documents
    "Hiến pháp, dự thảo Hiến pháp, sửa đổi Hiến pháp, bản Hiến pháp, Bộ luật, dự thảo Luật, dự án Luật, luật quy định, "
    "Quốc hội quy định, đề nghị Quốc hội, kỳ họp Quốc hội, công ước quốc tế, quyền tư pháp, hoạt động tư pháp, tội phạm, "
    "có hiệu lực thi hành, thời gian có hiệu lực, chế định Chủ tịch nước, Hội đồng Hiến pháp, lập hiến, lập pháp, "
    # the consultation itself
    "lấy ý kiến, việc lấy ý kiến, tổ chức lấy ý kiến, đợt lấy ý kiến, thời gian lấy ý kiến, phiếu lấy ý kiến, hội nghị lấy ý kiến, "
    "công bố dự thảo, công bố các dự thảo, công bố công khai dự thảo, công bố rộng rãi, công bố sớm, đăng tải dự thảo, "
    "phổ biến dự thảo, không phổ biến, gửi dự thảo, phát dự thảo, tổng hợp ý kiến, ghi nhận ý kiến, thời gian góp ý, thời hạn góp ý, "
    "hội nghị góp ý, phiếu góp ý, biểu mẫu góp ý, cổng góp ý, ứng dụng góp ý, cách góp ý, quyền góp ý, người góp ý, "
    "các ý kiến góp ý, ý kiến đại biểu"
)


def phrases() -> tuple[str, ...]:
    """The phrases, as written."""
    return tuple(phrase.strip() for phrase in ELSEWHERE.split(","))
