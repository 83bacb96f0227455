"""Invented submissions for the benchmarks; no citizen's words."""

TEXT = (
    "Tôi cơ bản nhất trí với dự thảo báo cáo chính trị. Đề nghị bổ sung tại trang 6, dòng 12 nội dung về đào tạo nghề cho "
    "thanh niên vùng cao, gắn với nhu cầu của doanh nghiệp trên địa bàn tỉnh. Ngoài ra, xin xem lại chỉ tiêu giảm nghèo ở "
    "mục III cho sát với điều kiện thực tế của các xã biên giới, và nói rõ hơn trách nhiệm của từng cơ quan thực hiện."
)
SUBMISSION = {"text": TEXT, "stance": "agree"}
WITH_IDENTITY = SUBMISSION | {
    "respondent": {"name": "Nguyễn Văn Thử", "phone": "0912 345 678", "email": "thu@example.vn"},
}
