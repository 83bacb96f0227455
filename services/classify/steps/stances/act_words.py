"""The small words around a cue that turn, place or void it. Data only; most hold with and without diacritics."""

from services.classify.steps.view import without_diacritics


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _both(listed: str) -> frozenset[str]:
    return _set(listed) | _set(without_diacritics(listed))


ADVERBS = _both(
    "thật sự thực hoàn toàn được thể hề có còn phải là nên cần muốn dám mấy hẳn cao lắm đến rất thấy tôi sẽ đủ đạt đáp ứng mang tính "
    "đưa ra cho rằng việc ai mà nào"
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
