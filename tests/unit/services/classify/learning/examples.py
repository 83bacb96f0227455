"""Invented labelled texts, for the groups of `small_consultation`."""

from services.classify.learning.rows import Labelled

ROWS = (
    Labelled("Đề nghị trồng thêm sa nhân dưới tán rừng.", (6,)),
    Labelled("Cây sa nhân giúp bà con thoát nghèo.", (6,)),
    Labelled("Nên có vốn vay để trồng sa nhân.", (6,)),
    Labelled("Lời văn của chủ đề Đại hội còn dài.", (1,)),
    Labelled("Phương châm nên gọn hơn.", (1,)),
    Labelled("Kết quả đạt được rất rõ, hạn chế cũng đã nêu.", (2, 3)),
    Labelled("Nguyên nhân của hạn chế chưa rõ.", (3,)),
    Labelled("Xin hỏi giờ mở cửa của thư viện huyện.", (0,)),
    Labelled("Thư viện huyện đóng cửa quá sớm.", (0,)),
)
