"""A batch of texts is heard as each text by itself."""

from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.steps.hearing import Hearing

_WORDS = ("khiếu", "nại", "đề", "nghị", "a", "b", "x", "y")
_CHUNKS = (*_WORDS, "khiếu-nại", "(đề", "nghị)", "x1y", "12", "...", "_", "a_b", "never", "x" * 30, "a-b-" * 9, "😀")
key = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=2).map(tuple)
waits = st.lists(st.tuples(st.lists(key, max_size=4), st.integers(0, 200)), max_size=8)
piece = st.lists(st.sampled_from(_CHUNKS), max_size=5)
texts = st.lists(st.lists(piece, max_size=4), max_size=5)
Waits = list[tuple[list[tuple[str, ...]], int]]
Texts = list[list[list[str]]]


def _hearing(waited: Waits) -> Hearing:
    hearing = Hearing()
    for keys, bit in waited:
        hearing.wait_for(keys, 1 << bit)
    return hearing


def _one_by_one(hearing: Hearing, several: Texts) -> list[list[int]]:
    """All of a text, then each of its pieces, as `bits` hears them."""
    found = []
    for pieces in several:
        spans = [" ".join(chunks) for chunks in pieces]
        found.append([hearing.bits(text, 0, len(text)) for text in (" ".join(spans), *spans)])
    return found


_COMPLAINT: Waits = [([("khiếu", "nại")], 0), ([("đề", "nghị"), ("a",)], 70), ([("b",)], 0)]


@given(waits, texts)
@example(_COMPLAINT, [[["khiếu"], ["nại"]]])
@example(_COMPLAINT, [[["khiếu"], [], ["..."], ["nại", "a"]], [["đề"]], [["nghị"]]])
@example(_COMPLAINT, [[["khiếu"], ["12"]], [["nại"]]])
@example(_COMPLAINT, [[["khiếu"], []], [[]], [], [["nại"]]])
@example(_COMPLAINT, [[["x1khiếu-nại"], ["khiếu_nại"], ["khiếu", "12", "nại"], ["khiếu", "never", "nại"]]])
@example([([("a",)], 63), ([("b",)], 64), ([("a", "b")], 127), ([("b", "a")], 128)], [[["a", "b"], ["a"]], [["b"]]])
def test_a_batch_is_heard_as_each_text_by_itself(waited: Waits, several: Texts) -> None:
    hearing = _hearing(waited)
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        assert hearing.bits_of_all(several) == _one_by_one(hearing, several)


def test_pieces_that_were_packed_before_are_heard_alike_from_any_table() -> None:
    hearing = _hearing(_COMPLAINT)
    several: Texts = [[["khiếu"], ["nại", "a"]], [["đề", "nghị)"]], [[]]]
    for kept in (hearing.chunks(), hearing.chunks(lambda _: b"1234", lambda _: b"12345678")):
        packed = [[b"".join(kept.columns(piece)[0]) for piece in text] for text in several]
        assert hearing.bits_of_packed(packed) == hearing.bits_of_all(several) == _one_by_one(hearing, several)


@given(waits, texts)
def test_no_text_is_heard_otherwise_for_the_texts_beside_it(waited: Waits, several: Texts) -> None:
    hearing = _hearing(waited)
    assert hearing.bits_of_all(several) == [hearing.bits_of_all([text])[0] for text in several]


def test_words_that_are_waited_for_later_are_heard_as_well() -> None:
    """Rules are made one after the other, some after a text was heard."""
    hearing = _hearing([([("a",)], 0)])
    several = [[["a", "b", "mới"]], [["b"], ["mới"]]]
    assert hearing.bits_of_all(several) == [[1, 1], [0, 0, 0]]
    hearing.wait_for([("b", "mới")], 1 << 90)
    hearing.wait_for([("mới",)], 1 << 1)
    assert hearing.bits_of_all(several) == [[3 | 1 << 90] * 2, [2 | 1 << 90, 0, 2]]


def test_no_text_no_piece_and_nothing_to_wait_for_are_nothing_special() -> None:
    silent, hearing = Hearing(), _hearing(_COMPLAINT)
    assert silent.bits_of_all([]) == hearing.bits_of_all([]) == []
    assert silent.bits_of_all([[["a"], []], []]) == [[0, 0, 0], [0]]
    assert hearing.bits_of_all([[], [[]], [[], []]]) == [[0], [0, 0], [0, 0, 0]]


def test_a_set_may_have_many_keys_and_a_key_belong_to_many_sets() -> None:
    hearing = _hearing([([("a",), ("b",), ("x", "y")], bit) for bit in range(130)])
    all_of_them = (1 << 130) - 1
    assert hearing.bits_of_all([[["a"], ["x"], ["y"]], [["b", "x", "y"]], [["x"]]]) == [
        [all_of_them, all_of_them, 0, 0],
        [all_of_them] * 2,
        [0, 0],
    ]
