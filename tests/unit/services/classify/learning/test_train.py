"""Learning from labelled rows, on top of the consultation's own words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.learning.artifact import load
from services.classify.learning.rows import Labelled
from services.classify.learning.train import train
from services.classify.model import CODE_VERSION, build_model
from services.classify.steps.topics import OUTSIDE, topics
from services.classify.steps.view import without_diacritics
from tests.support.growth import timed
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.learning.examples import ROWS

CONSULTATION = small_consultation()
DAY0 = build_model(CONSULTATION)
MODEL = build_model(CONSULTATION, learned=load(train(ROWS, DAY0)))


def test_the_same_rows_in_any_order_give_the_same_bytes() -> None:
    assert train(ROWS, DAY0) == train(ROWS[::-1], DAY0)


def test_words_that_only_people_know_lead_to_their_group_in_either_spelling() -> None:
    text = "Bản tôi muốn trồng sa nhân."
    assert topics(text, DAY0).codes != (6,)
    assert topics(text, MODEL).codes == (6,)
    assert topics(without_diacritics(text), MODEL).codes == (6,)


def test_what_the_definition_says_is_not_forgotten() -> None:
    assert topics("Nhất trí với chủ đề Đại hội.", MODEL).codes == (1,)
    assert topics("Bản tôi thiếu giáo viên và trạm y tế.", MODEL).codes[0] == 6


def test_outside_is_learned_like_any_group() -> None:
    assert topics("Thư viện huyện nên mở cửa đến tối.", MODEL).codes == (OUTSIDE,)


def test_the_evidence_says_that_it_was_learned_and_from_which_words() -> None:
    evidence = topics("Bản tôi muốn trồng sa nhân.", MODEL).evidence
    assert evidence.by == "learned"
    assert "sa nhân" in {term.term for term in evidence.terms if term.topic == 6}
    assert len(evidence.terms) <= 8
    assert topics("Nêu rõ hạn chế.", MODEL).evidence.hints == ("hạn chế",)


def test_a_cited_section_still_speaks_for_its_group() -> None:
    read = topics("Đề nghị viết lại.", MODEL, ["IV.1"])
    assert read.codes == (6,)
    assert read.evidence.sections == ("IV.1",)


def test_the_version_names_the_artifact() -> None:
    other = build_model(CONSULTATION, learned=load(train(ROWS[:5], DAY0)))
    assert MODEL.version.startswith(f"learned-{CODE_VERSION}-" + DAY0.version.removeprefix(f"day0-{CODE_VERSION}-"))
    assert MODEL.version != other.version


def test_a_model_of_other_codes_is_refused_and_one_of_other_hints_is_used() -> None:
    learned = load(train(ROWS, DAY0))
    first, *others = CONSULTATION.topic_groups
    reworded = CONSULTATION.model_copy(
        update={"topic_groups": (first.model_copy(update={"hints": ("tiêu đề",)}), *others)}
    )
    assert build_model(reworded, learned=learned).version != MODEL.version
    fewer = CONSULTATION.model_copy(update={"topic_groups": tuple(others)})
    with pytest.raises(ValueError, match="codes"):
        build_model(fewer, learned=learned)


def test_rows_that_cannot_be_learned_from_are_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        train([], DAY0)
    with pytest.raises(ValueError, match="topic 9"):
        train([Labelled("văn bản", (9,))], DAY0)


def test_rows_of_one_group_or_without_a_word_do_no_harm() -> None:
    model = build_model(CONSULTATION, learned=load(train([Labelled("!!!", (1,)), Labelled("Ạ", (1,))], DAY0)))
    assert topics("Bản tôi thiếu giáo viên và trạm y tế.", model).codes[0] == 6


def test_two_thousand_rows_are_learned_within_seconds() -> None:
    rows = [Labelled(f"{row.text} Ý kiến thứ {i} của tổ {i % 37}.", row.topics) for i in range(220) for row in ROWS]
    assert timed(lambda: train(rows, DAY0), most=10)[0] <= 10  # 1-2 s on a free core


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.sampled_from([(0,), (1,), (2, 3), (6,)])),
        min_size=1,
        max_size=8,
    ),
    st.text(max_size=60),
)
def test_any_rows_make_a_model_that_reads_any_text(rows: list[tuple[str, tuple[int, ...]]], text: str) -> None:
    labelled = [Labelled(t, codes) for t, codes in rows]
    data = train(labelled, DAY0)
    read = topics(text, build_model(CONSULTATION, learned=load(data)))
    assert read == topics(text, build_model(CONSULTATION, learned=load(data)))
    assert 0 <= read.confidence <= 1
    assert set(read.codes) <= {0, 1, 2, 3, 6}
