"""Topic groups from the consultation's own words."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classify.learning.artifact import load
from services.classify.learning.train import train
from services.classify.model import TopicModel, build_model
from services.classify.steps.topics import OUTSIDE, topics, topics_of
from services.classify.steps.view import View, view, without_diacritics
from services.classify.words import tokens
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.learning.examples import ROWS

MODEL = build_model(small_consultation())
LEARNED = build_model(small_consultation(), learned=load(train(ROWS, MODEL)))
LESS = build_model(small_consultation(), learned=load(train(ROWS[:4], MODEL)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nhất trí với chủ đề Đại hội.", 1),
        ("Cần phân tích nguyên nhân của những hạn chế.", 3),
        ("Bản tôi thiếu giáo viên và trạm y tế.", 6),
    ],
)
def test_hints_lead_to_their_group_with_or_without_diacritics(text: str, code: int) -> None:
    with_marks = topics(text, MODEL)
    assert with_marks.codes[0] == code
    assert topics(without_diacritics(text), MODEL) == with_marks


def test_a_text_that_speaks_of_no_group_is_outside() -> None:
    assert topics("Hôm nay trời đẹp quá.", MODEL).codes == (OUTSIDE,)


def test_a_cited_section_is_evidence() -> None:
    assert topics("Đề nghị viết lại.", MODEL, ["IV.1"]).codes == (6,)


def test_confidence_grows_with_the_evidence() -> None:
    weak, strong = topics("giáo viên", MODEL), topics("giáo viên, trạm y tế, đường giao thông", MODEL)
    assert 0 < weak.confidence < strong.confidence <= 1


_SAYINGS = (
    *(
        "hạn chế",
        "nguyên nhân",
        "đường giao thông",
        "giáo viên",
        "sa nhân",
        "trồng",
        "sa",
        "nhân.",
        "thư viện",
        "huyện",
    ),
    *(
        "không",
        "chưa",
        "của",
        "lạ",
        " ",
        "  ",
        "\t",
        "\xa0",
        "\n",
        ",",
        ". ",
        "Lời Văn",
        "phương châm",
        "x²",
        "12",
        "_",
    ),
)
said = st.lists(st.sampled_from(_SAYINGS)).map(" ".join) | st.lists(st.sampled_from(_SAYINGS)).map("".join) | st.text()
_LONG = "Không trồng sa nhân, thư viện của huyện còn hạn chế; " * 50  # more than 2,000 code points


def spans(seen: View, start: int, length: int) -> list[tuple[View, int, int, tuple[str, ...]]]:
    """All of a text, and a span anywhere in it."""
    end = len(seen.plain)
    start = min(start, end)
    return [(seen, 0, end, ()), (seen, start, min(end, start + length), ("II",))]


@pytest.mark.parametrize("model", [MODEL, LEARNED], ids=["day0", "learned"])
@settings(max_examples=60)
@given(st.lists(said | said.map(without_diacritics), max_size=4), st.integers(0, 40), st.integers(0, 60))
@example([_LONG, "sa nhân", without_diacritics(_LONG)], 0, 2000)
@example([_LONG, "sa nhân", without_diacritics(_LONG)], 7, 2001)
def test_with_the_chunks_of_any_model_a_text_is_about_the_same(
    model: TopicModel, texts: list[str], start: int, length: int
) -> None:
    """Views that were made with another model's chunks (its numbers mean other words) among them, and all in one batch."""
    alone = [topics_of([span], model)[0] for text in texts for span in spans(view(text), start, length)]
    for chunks in (None, MODEL.chunks, LEARNED.chunks, LESS.chunks):
        several = [span for text in texts for span in spans(view(text, chunks), start, length)]
        assert topics_of(several, model) == alone
        assert [topics_of([span], model)[0] for span in several] == alone


@pytest.mark.parametrize("text", ["Bản tôi trồng sa nhân.", "Ban toi trong sa nhan.", "Trồng sa nhân, " * 200])
def test_learned_words_are_heard_with_and_without_the_models_own_chunks(text: str) -> None:
    for chunks in (None, LEARNED.chunks, MODEL.chunks):
        seen = view(text, chunks)
        (found,) = topics_of([(seen, 0, len(seen.plain), ())], LEARNED)
        assert found.codes == (6,)
        assert found.evidence.by == "learned"
        assert "sa nhan" in {" ".join(tokens(term.term)) for term in found.evidence.terms}


@settings(max_examples=60)
@given(said)
def test_what_speaks_for_a_group_is_told_the_loudest_first_and_as_it_was_weighed(text: str) -> None:
    """Of the definition's words as of learned ones; as loud ones by group and word, and none that says nothing."""
    for model in (MODEL, LEARNED):
        found = topics(text, model)
        told = found.evidence.terms
        assert len(told) <= 8
        assert [t.weight for t in told] == sorted((t.weight for t in told), reverse=True)
        assert all(t.weight >= 0 and t.weight == round(t.weight, 3) and t.topic in found.codes for t in told)
        assert all(term.term for term in told)
    for term in topics(text, MODEL).evidence.terms:
        assert term.weight == round(MODEL.terms[term.term][term.topic] * 0.22, 3)
