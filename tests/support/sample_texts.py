"""Invented words for sample reports: no real person, no real letter."""

TOPICS = (
    (1, "Chủ đề Đại hội và phương châm hành động"),
    (2, "Đánh giá tình hình, kết quả thực hiện Nghị quyết Đại hội nhiệm kỳ trước"),
    (3, "Những hạn chế, tồn tại, nguyên nhân và bài học kinh nghiệm"),
    (4, "Dự báo bối cảnh, mục tiêu tổng quát, các chỉ tiêu chủ yếu đến năm 2030"),
    (5, "Phương hướng, nhiệm vụ trọng tâm và khâu đột phá trong nhiệm kỳ 2025-2030"),
    (
        6,
        (
            "Các nhiệm vụ, giải pháp lớn trong xây dựng Đảng, phát triển kinh tế - xã hội, bảo đảm quốc phòng, an ninh, "
            "nâng cao đời sống Nhân dân"
        ),
    ),
    (7, "Bố cục, cách thể hiện, văn phong của dự thảo"),
    (0, "Ngoài các nhóm vấn đề"),
)
CHANNELS = (
    ("web", "Biểu mẫu điện tử trên các cổng, trang thông tin điện tử"),
    ("email", "Hộp thư điện tử"),
    ("letter", "Thư viết tay gửi trực tiếp"),
    ("app", "Ứng dụng Điện Biên Smart"),
    ("zalo", "Zalo Hành chính công"),
    ("meeting", "Hội nghị, sinh hoạt chuyên đề chi bộ, diễn đàn"),
)
GROUPS = (("member", "Đảng viên"), ("civil", "Cán bộ, công chức, viên chức"), ("people", "Các tầng lớp Nhân dân"))
UNITS = (
    (
        "so-gd",
        "Đảng bộ Sở Giáo dục và Đào tạo (bao gồm các chi bộ trường trung học phổ thông trực thuộc trên địa bàn tỉnh)",
    ),
    ("na-tau", "Đảng bộ xã Nà Tấu"),
    ("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội"),
    ("", "Không ghi thông tin"),
)
LOCALITIES = (
    ("db", "Phường Điện Biên Phủ"),
    ("ml", "Phường Mường Lay"),
    ("nt", "Xã Nà Tấu"),
    ("", "Không ghi thông tin"),
)
TEXTS = (
    "Tôi hoàn toàn nhất trí với chủ đề Đại hội như dự thảo, vì ngắn gọn và dễ nhớ.",
    "Trang 12, mục II.3, dòng 5 từ trên xuống: đề nghị sửa cụm từ “cơ bản hoàn thành” thành “hoàn thành”.",
    "Đề nghị bổ sung chỉ tiêu 95% hộ dân bản vùng cao được dùng nước sạch < 2 km, đường A & B; ghi rõ nguồn vốn.",
    "=SUM(A1:A9) là công thức tôi chép từ phụ lục; đề nghị kiểm tra lại phép cộng ở trang 31.",
    "Không đồng ý với nhận định “công tác cải cách hành chính đạt kết quả toàn diện”. Ở xã tôi hồ sơ đất vẫn chậm.",
    "Vì sao mục tiêu giảm nghèo lại thấp hơn nhiệm kỳ trước? Đề nghị giải thích.\nĐề nghị nêu số liệu theo từng xã.",
    "Đề nghị bỏ đoạn cuối trang 7 vì trùng với phần kiểm điểm. Liên hệ: […], bản […].",
    "de nghi xem lai chi tieu thu ngan sach, toi thay chua sat thuc te dia phuong",
    "#let x = 1; *đậm* _nghiêng_ $x^2$ `mã` <b>thẻ</b> {{ biến }} \\ @nhãn — các ký hiệu này tôi thấy trong tệp dự thảo.",
    "Nhất trí một phần: đồng ý mục tiêu tổng quát, nhưng khâu đột phá thứ ba (trang 40) cần cụ thể hơn về giáo dục.",
)
