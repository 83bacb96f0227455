"""Is an opinion a general remark (góp ý chung): on the draft as a whole, asking for nothing definite?

A closed vocabulary, because the doubt is on the side of the citizen: only where nearly every word speaks of the draft as a whole,
judges it, or joins such words is the remark general. A place in the draft, a quotation, a number, a request, or a few words about
anything else make it substantive.
"""

from collections.abc import Sequence

from services.classify.steps.stances.cues import spoken
from services.classify.steps.tongues import word_set
from services.classify.steps.view import Rule, View, without_diacritics, words
from shared.events import Cite, Edit, Stance

_LONGEST = 400  # code points: a remark of more says something
_JUDGING = (
    Stance.NONE,
    Stance.AGREE,
    Stance.DISAGREE,
    Stance.PARTLY_AGREE,
)  # compared by identity: an enum is slow to hash

_ABOUT_IT = (
    "dự thảo văn kiện báo cáo chính trị bản các toàn bộ nội dung bố cục kết cấu văn phong câu chữ từ ngữ ngôn ngữ "
    "cách trình bày hành văn "
    "diễn đạt hình thức chất lượng chuẩn bị công tác biên soạn soạn thảo xây dựng đại hội đảng nghị quyết chương "
    "trình hành động tổng thể "
    "nhìn chung chung bài tài liệu ban tiểu tổ độ dài đề cương việc lấy ý kiến góp"
)
_JUDGEMENT = (
    "nhất trí đồng ý đồng tình tán thành tán đồng ủng hộ thống nhất cao hoàn toàn cơ bản một phần tuyệt đối đánh giá "
    "tâm đắc hoan nghênh phấn "
    "khởi tin tưởng công phu chặt chẽ toàn diện sâu sắc đúng đắn hợp lý phù hợp khoa học khách quan bao quát bao "
    "trùm ngắn gọn súc tích cô đọng "
    "dễ hiểu rõ ràng mạch lạc đầy đủ nghiêm túc cầu thị đổi mới khái quát bài bản logic hay tốt rõ kỹ lưỡng chu đáo "
    "tính tổng kết tiến bộ sáng tạo "
    "trí tuệ tâm huyết thể hiện phản ánh trung thực sát thực tế thực tiễn khả thi thuyết phục dài dòng ngắn lan man "
    "chung chung sơ sài khó hiểu "
    "trùng lặp lủng củng rườm rà sáo rỗng thiếu kém phản đối đọc nhớ theo dõi hài lòng đẹp lớn nhiều ít trách nhiệm "
    "dân chủ điểm"
)
_JOINTS = (
    "tôi chúng tôi em chúng em cháu cá nhân bản thân chi bộ đảng viên gia đình bà con nhân dân tập thể xin rất khá "
    "tương đối quá đã được là và "
    "với của có không chưa còn cũng đều này lần trên trong về như vậy thì mà nhưng tuy nhiên song hơn đó những các "
    "một ạ thấy cho rằng theo đến "
    "nhìn nói cảm nhận qua nghiên cứu sau khi phần hẳn gì thêm khác so trước kỳ nhiệm mới nay hết lắm nữa ok dạ vâng "
    "đối"
)
_BARE_STANCE = "nhất trí đồng ý tình tán thành ủng hộ thống hoàn toàn cơ bản cao không chưa tôi chúng em xin ok ạ dạ vâng phản đối đồng"


def _both(listed: str) -> tuple[frozenset[str], frozenset[str]]:
    return word_set(listed), word_set(without_diacritics(listed))


_KNOWN = _both(f"{_ABOUT_IT} {_JUDGEMENT} {_JOINTS}")
# Without diacritics "kiện" is "kiến" and "cáo" is "cao": what could be either does not tell.
_WHOLE = (word_set("thảo kiện cáo cục phong văn chất bài"), frozenset(("thao", "cuc")))
_OF_THE_WHOLE = Rule(words("thảo, kiện, cáo, cục, phong, văn, chất, bài")).bits
_STANCE = _both(_BARE_STANCE)
_ASKING = (
    word_set("nghị xuất cần nên phải mong bổ sửa bỏ thay làm xem hãy hỏi muốn yêu"),
    word_set("nghi xuat can nen phai mong sung sua lam xem hoi muon yeu"),
)
_WORDS_FOR_A_STRANGER = (10, _LONGEST)  # without diacritics too many words look known to allow a stranger among them
_BARE_STANCE_LONGEST = 60  # code points: a longer remark has to name the draft
_MARKS = frozenset(".;:!?,\n")
_QUOTES = ("“", '"', "«")


def is_general(seen: View, start: int, end: int, cites: Sequence[Cite], edits: Sequence[Edit], stance: Stance) -> bool:
    """Whether the span is a general remark; in doubt it is not. `stance` may be the respondent's own: the words decide all the same."""
    if cites or edits or end - start > _LONGEST or stance not in _JUDGING:
        return False
    if end - start > _BARE_STANCE_LONGEST and seen.whole & _OF_THE_WHOLE != _OF_THE_WHOLE:
        return False
    kind = 0 if seen.accented else 1
    said = [token for token in spoken(seen, start, end) if token not in _MARKS]
    if not said or not _ASKING[kind].isdisjoint(said) or any(token.startswith(_QUOTES) for token in said):
        return False
    if _WHOLE[kind].isdisjoint(said):
        return len(said) > 1 and _STANCE[kind].issuperset(said) and not _STANCE[kind].isdisjoint(said)
    unknown = [token for token in said if token not in _KNOWN[kind]]
    allowed = 1 if len(said) >= _WORDS_FOR_A_STRANGER[kind] else 0
    return len(unknown) <= allowed and not any(token[0].isdigit() for token in unknown)
