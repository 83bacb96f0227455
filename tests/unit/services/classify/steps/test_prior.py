"""What the consultation's own words say."""

from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.elsewhere import phrases
from services.classify.model import OUTSIDE, build_model
from services.classify.steps.prior import Prior, priors
from services.classify.steps.topics import topics
from services.classify.steps.view import View, view, without_diacritics
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


_SAYINGS = (
    *("hạn chế", "hạn", "chế,", "nguyên nhân", "đường giao thông", "giáo viên", "trạm y tế", "y", "tế", "hiến pháp"),
    *("của", "và", "điều 12", "mới", " ", "  ", "\t", "\xa0", "\n", ". ", "-", "一", "x²", "_", "hoà", "nhân" * 8),
)
_said = st.lists(st.sampled_from(_SAYINGS)).map(" ".join) | st.lists(st.sampled_from(_SAYINGS)).map("".join) | st.text()
_LONG = "hạn chế của đường giao thông, giáo viên; " * 60  # more than 2,000 code points


def _plainly(known: Prior) -> tuple[object, ...]:
    return known.topics, known.outside, [*known.hints], sorted(known.hinted), known.sections, known.terms


def _spans(seen: View, start: int, length: int) -> list[tuple[View, int, int, tuple[str, ...]]]:
    """All of a text, all of it but its edges, and a span anywhere."""
    end = len(seen.plain)
    start = min(start, end)
    return [(seen, 0, end, ()), (seen, 0, end, ("III", "IV.1")), (seen, start, min(end, start + length), ("II",))]


@given(st.lists(_said | _said.map(without_diacritics), max_size=4), st.integers(0, 40), st.integers(0, 60))
@example([_LONG, without_diacritics(_LONG)], 0, 2000)
@example([_LONG, without_diacritics(_LONG)], 9, 2001)
def test_with_the_chunks_of_any_model_the_definition_says_the_same(texts: list[str], start: int, length: int) -> None:
    other = build_model(_with_hints(1, "mới", "điều"))
    alone = [span for text in texts for span in _spans(view(text), start, length)]
    expected = [*map(_plainly, priors(alone, MODEL))]
    for model in (MODEL, other):  # the other's numbers mean other words: they must not be taken for this one's
        several = [span for text in texts for span in _spans(view(text, model.chunks), start, length)]
        assert [*map(_plainly, priors(several, MODEL))] == expected
        assert [_plainly(priors([span], MODEL)[0]) for span in several] == expected


def test_hints_and_words_are_told_apart_however_the_two_tables_cut_a_chunk() -> None:
    """Chunks that are a word with its marks and none without them, or the other way about, move nothing beside them."""
    for text in ("一 giáo viên 一 hạn chế", "x² giáo viên, 一一 hạn chế _ một 一"):
        for chunks in (None, MODEL.chunks):
            seen = view(text, chunks)
            (found,) = priors([(seen, 0, len(seen.plain), ())], MODEL)
            assert [*found.hints] == [("giao", "vien"), ("han", "che")]
            said = {MODEL.lexicon.terms[place] for place in found.terms}
            assert {"giao", "vien", "giao vien", "han", "che", "han che"} & {*MODEL.terms} == said


def test_every_phrase_from_elsewhere_is_a_phrase() -> None:
    assert all(1 < len(tokens(phrase)) <= 8 for phrase in phrases())
    assert len(set(phrases())) == len(phrases())
