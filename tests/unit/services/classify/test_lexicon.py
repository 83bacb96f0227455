"""What arrays find in many texts is what plain words find in one."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.learning.scorer import UNIT
from services.classify.lexicon import LookedUp, lexicon
from services.classify.model import BM25_LOG_ODDS, build_model
from services.classify.words import STOP_WORDS, read_bare, weighed
from tests.support.small_consultation import small_consultation

Terms = Mapping[str, Mapping[int, float]]
Texts = list[list[str]]

_CODES = (1, 3, 6)
_WORDS = ("duong", "giao", "thong", "vien", "han", "che", "12", "ban")
_CHUNKS = (
    *(*_WORDS, "va", "cua", "khong", "Đường", "giao-thông,", "hạn", "chế.", "viên", "và", "mới", "x1"),
    *("...", "-", "一", "đường/va/giao", "giao-thong-" * 3),
)
_OWN_WORDS = (
    *("đường", "giao", "thông", "hạn", "chế,", "nguyên", "nhân", "của", "bài", "học"),
    *("kinh", "nghiệm", "y", "tế", "trạm", "thành", "tựu"),
)

_term = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=2).map(" ".join)
_weights = st.dictionaries(st.sampled_from(_CODES), st.floats(-9, 9), max_size=3)
terms = st.dictionaries(_term, _weights, max_size=12)
texts = st.lists(st.lists(st.sampled_from(_CHUNKS), max_size=10), max_size=6)


def terms_in(chunks: Sequence[str], known: Terms) -> list[int]:
    """The words worth weighing, and the pairs of those that follow each other when the others are left out."""
    kept = weighed([word for chunk in chunks for word in read_bare(chunk)])
    said = {*kept, *(f"{a} {b}" for a, b in pairwise(kept))}
    return [place for place, term in enumerate(known) if term in said]


def looked_up(chunks: Sequence[str], known: Terms, codes: Sequence[int], weight: float) -> LookedUp:
    """As `Lexicon.look_up`, for one text and without an array."""
    found = terms_in(chunks, known)
    rows = [[*known.values()][place] for place in found]
    return found, [sum(round(UNIT * row.get(code, 0.0)) for row in rows) * (weight / UNIT) for code in codes]


def test_of_the_words_of_these_tests_some_are_not_worth_weighing() -> None:
    assert {"va", "cua", "khong"} <= {*STOP_WORDS}
    assert not {*_WORDS} & {*STOP_WORDS}


@given(terms, texts)
@example({"duong giao": {1: 1.0}, "giao": {3: 2.0}}, [["đường", "và", "giao"]])
@example({"giao thong": {1: 1.0}}, [["giao"], ["thong"], ["giao", "mới", "thong"]])
@example({}, [["va"], [], ["cua", "khong"]])
@example({"duong": {}}, [[], ["duong", "duong"], []])
def test_a_text_of_a_batch_is_looked_up_as_plain_words_are(known: Terms, several: Texts) -> None:
    found = lexicon(_CODES, known).look_up(several, 0.22)
    assert found == [looked_up(chunks, known, _CODES, 0.22) for chunks in several]


@given(terms, texts)
def test_a_text_is_looked_up_alone_as_in_the_middle_of_a_batch(known: Terms, several: Texts) -> None:
    its = lexicon(_CODES, known)
    numbers, counts = its.chunks.of(several)
    assert its.look_up_numbers(numbers, counts, 0.22) == its.look_up(several, 0.22)
    assert its.look_up(several, 0.22) == [its.look_up([chunks], 0.22)[0] for chunks in several]


def test_no_text_and_texts_without_words_hold_nothing() -> None:
    its = lexicon(_CODES, {"duong": {1: 1.0}})
    nothing: LookedUp = ([], [0.0] * 3)
    assert its.look_up([], 1.0) == []
    assert its.look_up([[]], 1.0) == [nothing]
    assert its.look_up([[], ["..."], ["一"]], 1.0) == [nothing] * 3
    assert its.look_up([[], ["đường"], []], 1.0) == [nothing, ([0], [1.0, 0.0, 0.0]), nothing]


def test_a_model_without_terms_or_without_topic_codes_weighs_nothing() -> None:
    several = [["giao", "thông"], [], ["mới"]]
    assert lexicon(_CODES, {}).look_up(several, 1.0) == [([], [0.0] * 3)] * 3
    assert lexicon((), {"giao": {}}).look_up(several, 1.0) == [([0], []), ([], []), ([], [])]
    assert lexicon((), {}).look_up([], 1.0) == []


def test_nothing_reaches_from_one_text_into_the_next() -> None:
    found = lexicon(_CODES, {"giao thong": {1: 1.0}}).look_up([["giao"], ["thong", "giao"], ["và"], ["thong"]], 1.0)
    assert [terms for terms, _ in found] == [[]] * 4


def test_a_word_that_is_not_known_stands_between_and_one_that_is_not_worth_weighing_does_not() -> None:
    unknown, light = lexicon(_CODES, {"giao thong": {1: 1.0}}).look_up(
        [["giao", "mới", "thong"], ["giao", "và", "thong"]], 1.0
    )
    assert unknown == ([], [0.0] * 3)
    assert light == ([0], [1.0, 0.0, 0.0])


@given(st.lists(st.lists(st.sampled_from(_OWN_WORDS) | st.text())))
def test_the_words_of_a_definition_are_looked_up_as_they_stand_in_it(several: Texts) -> None:
    model = build_model(small_consultation())
    several = [[part for chunk in chunks for part in chunk.lower().split()] for chunks in several]
    assert model.lexicon.terms == tuple(model.terms)
    assert model.lexicon.look_up(several, BM25_LOG_ODDS) == [
        looked_up(chunks, model.terms, model.codes, BM25_LOG_ODDS) for chunks in several
    ]
