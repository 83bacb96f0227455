"""The small words around a cue that turn, place or void it. Data only; most hold with and without diacritics."""

from services.classify.steps.view import without_diacritics


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _both(listed: str) -> frozenset[str]:
    return _set(listed) | _set(without_diacritics(listed))


ADVERBS = _both(
    "thật sự thực hoàn toàn được thể hề có còn phải là nên cần muốn dám mấy hẳn cao lắm đến rất thấy tôi sẽ đủ đạt đáp ứng mang tính "
    "đưa ra cho rằng việc ai mà nào gọi coi nói bảo"
)
SURE = _both("thể ai")  # "không thể không", "không ai không"
WHOLLY = _both("toàn hẳn trọn")
# "dung" is "nội dung" more often than "đừng": without diacritics only what is sure denies.
NOT = _set("không chưa chẳng chả đừng chớ ko hông kg khg hok khó khong chua chang")
YET = _both("chưa")
NEEDLESS = _both("cần phải gì")
DONE = _both("đã vừa từng bị")
MUST = _both("cần phải nên nghị xin mong hãy")
AVOID = _both("tránh phục giảm chống bớt xóa xoá hết không chẳng chấn chỉnh")
AVOIDED = _both("được bớt tình trạng sự những các bệnh việc còn bị lối tư duy")
VERY = _both("rất đã khá tương quá là có tính")
SO_THAT = _both("cho hơn để sao")
OF_OTHERS = _both("với các những như theo của một tâm lời")
PARTS = _both(
    "cụm câu đoạn từ ý nội phần mục tiểu chỉ quy điều khoản điểm dòng gạch chữ trang chương bớt hẳn đi khỏi các những hai toàn"
)
BEFORE_BO = frozenset(("nghi", "nen", "xin", "luoc", "xoa", "phai", "khong"))
NOT_AFTER_BO = _set("sung tri nhiem y giao cong tai quoc noi khoa nong xay lao van thong mon may ngoai chinh")
NO_MODAL = frozenset((("can", "bo"), ("can", "cu")))  # "cán bộ", "căn cứ"; not "cần bổ sung", "cần cụ thể"
AFTER_BUT = _set("chua khong van con can nen phai de toi xin kien thuc rat qua")
PAUSES = frozenset(".;:!?\n,")
STOPS = frozenset(".;:!?\n")


def _pairs(listed: str) -> frozenset[tuple[str, ...]]:
    """Pairs of words, set apart by commas, as they are written with and without diacritics."""
    return frozenset(tuple(pair.split()) for text in (listed, without_diacritics(listed)) for pair in text.split(","))


# After words that only suppose or quote praise ("nếu nói ... thì", "tưởng là ...") these take it back.
CONTRARY = _set(
    "không chưa chẳng chả khong chua chang ko nhưng nhung song hóa hoá hoa té ngờ ngo e chịu chiu ngại khó chỉ toàn mà"
)
LIFE = _pairs(
    "bà con,bản tôi,bản em,xã tôi,thôn tôi,nhà tôi,trường tôi,quê tôi,chỗ tôi,trường xã,trường học,nhà trường,trạm y,y tế,vùng cao,"
    "vùng sâu,vùng xa,biên giới,người dân,nhân dân,thanh niên,phụ nữ,đồng bào,giáo viên,học sinh,hộ nghèo,gia đình,địa phương,cán bộ,"
    "đời sống,nhiều nơi,nhiều bản,nhiều xã,các bản,các xã,ở bản,ở xã,lao động,doanh nghiệp,bệnh viện,cơ sở,hiện nay,tác xã,nông dân,"
    "trẻ em,các trường,nhiều trường,nhiều hộ,các hộ,người nghèo,người già"
)
OF_DRAFT = _pairs(
    "dự thảo,báo cáo,văn kiện,nghị quyết,nội dung,chỉ tiêu,mục tiêu,giải pháp,nhiệm vụ,số liệu,đánh giá,phần đánh,phần nhiệm,phần giải,"
    "phương hướng,chương trình,kế hoạch,lộ trình,căn cứ,cơ chế,chính sách,quy định,dẫn chứng,minh chứng,phân tích,phần này,mục này"
)
LIFE_NEEDS = _both("nước đất điện đường thuốc vốn gạo sách trường lớp phòng máy xe cầu ăn thốn trầm")
LIFE_NEEDS_IN_TWO = _pairs(
    "giáo viên,bác sĩ,việc làm,cán bộ,nhân lực,lao động,nhà ở,nhà vệ,thiết bị,trang thiết,cơ sở,nước sạch,phòng học,công nhân,người làm,"
    "kinh phí"
)
ABOUT = _both("về cho của với")
COMPARED = _both("hẳn trước so các")  # "tiến bộ hơn hẳn", "đầy đủ hơn so với lần trước"
DECIDED = _both("định trương")  # the last words of "quyết định", "chủ trương"
DRAFTERS = _both("thảo soạn")  # "dự thảo lần này bỏ", "ban soạn thảo bỏ"
TELLING = _both("thấy rằng biết")  # "cho thấy": not "for"
BEFORE_WOULD = _both("tôi em thì nhưng và thầm")
IF = _both("nếu")
THEN = _both("thì là sẽ")
CONDEMNED = _both("sai không chưa chẳng mất khó gây thiệt vô bất thiếu hỏng")
NOT_TUONG = _both("đối tư ý lý hiện ấn tin mộng biểu")  # "đối tượng là", "tư tưởng": no supposing
OTHERS = _both("kiến người biểu")  # "có ý kiến đề nghị", "có người đề nghị"
