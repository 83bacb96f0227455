"""What the consultation's own words say."""

from services.classify.elsewhere import phrases
from services.classify.model import OUTSIDE, build_model
from services.classify.steps.topics import topics
from services.classify.steps.view import without_diacritics
from services.classify.words import tokens
from shared.consultation import Consultation
from tests.support.small_consultation import small_consultation


def _with_hints(code: int, *hints: str) -> Consultation:
    base = small_consultation()
    groups = (t.model_copy(update={"hints": (*t.hints, *hints)}) if t.code == code else t for t in base.topic_groups)
    return base.model_copy(update={"topic_groups": tuple(groups)})


MODEL = build_model(small_consultation())


def test_a_hint_is_not_read_into_other_words_of_the_same_letters() -> None:
    model = build_model(_with_hints(6, "dùng từ"))
    text = "Câu này chứa đựng tư tưởng mới."
    assert "dùng từ" not in topics(text, model).evidence.hints
    assert topics("Cách dùng từ chưa hay.", model).evidence.hints == ("dùng từ",)
    assert topics(without_diacritics("Cách dùng từ chưa hay."), model).evidence.hints == ("dùng từ",)


def test_a_hint_is_not_read_into_a_word_of_the_same_letters_in_another_order() -> None:
    model = build_model(_with_hints(6, "mía"))
    assert topics("Người trồng mía chưa có vốn.", model).evidence.hints == ("mía",)
    assert topics("Mái nhà văn hóa đã dột.", model).evidence.hints == ()


def test_a_tone_may_stand_on_either_letter() -> None:
    model = build_model(_with_hints(6, "hài hoà"))
    assert topics("Phát triển hài hòa giữa các vùng.", model).evidence.hints == ("hài hoà",)


def test_two_hints_that_differ_in_their_marks_only_are_both_heard() -> None:
    base = _with_hints(6, "dừng tụ")
    groups = (t.model_copy(update={"hints": (*t.hints, "dùng từ")}) if t.code == 1 else t for t in base.topic_groups)
    model = build_model(base.model_copy(update={"topic_groups": tuple(groups)}))
    assert topics("Cách dùng từ chưa hay, nên sửa.", model).evidence.hints
    assert topics("Đề nghị dừng tụ họp ở chợ.", model).evidence.hints


def test_the_consultation_itself_and_other_documents_are_outside() -> None:
    for text in ("Đề nghị kéo dài thời gian góp ý thêm một tuần.", "Điều 12 quy định như vậy là đúng."):
        assert topics(text, MODEL).codes == (OUTSIDE,)


def test_a_definition_makes_words_its_own() -> None:
    assert ("hien", "phap") in MODEL.phrases
    own = build_model(_with_hints(6, "sửa đổi Hiến pháp"))
    assert OUTSIDE not in own.phrases.get(("hien", "phap"), {})
    assert topics("Đề nghị sửa đổi Hiến pháp.", own).codes == (6,)


def test_articles_are_not_elsewhere_where_the_draft_has_articles() -> None:
    base = small_consultation()
    draft = base.drafts[0]
    version = draft.versions[0]
    first = version.sections[0].model_copy(update={"label": "Điều 1"})
    articles = version.model_copy(update={"sections": (first, *version.sections[1:])})
    model = build_model(base.model_copy(update={"drafts": (draft.model_copy(update={"versions": (articles,)}),)}))
    text = "Điều 12: thiếu giáo viên."
    assert topics(text, model).codes == (6,)
    assert topics(text, MODEL).confidence < topics(text, model).confidence or topics(text, MODEL).codes == (OUTSIDE,)


def test_every_phrase_from_elsewhere_is_a_phrase() -> None:
    assert all(1 < len(tokens(phrase)) <= 8 for phrase in phrases())
    assert len(set(phrases())) == len(phrases())
