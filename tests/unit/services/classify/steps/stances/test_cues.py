"""The words and marks among which cues are looked for."""

from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.steps.stances.cues import spoken
from services.classify.steps.view import view

_SIGNS = ",.;:?!…()/”»"
_PIECES = (
    "đề nghị",
    "không",
    "a",
    *_SIGNS,
    " ",
    "\t",
    "\r",
    "\x85",
    "\xa0",
    "\u2028",
    "12",
    "x/y",
    "(a)",
    "…",
    "-",
    "x" * 30,
)
text = st.lists(st.sampled_from(_PIECES)).map("".join) | st.text()


def _whole(said: str) -> list[str]:
    """A span read in one go: a mark is a word of its own, brackets and quotes that close are none."""
    for mark in ",.;:?!":
        said = said.replace(mark, f" {mark} ")
    for sign, stands_for in (("\n", " ; "), ("…", " . "), *((sign, " ") for sign in '()/”»“«"')):
        said = said.replace(sign, stands_for)
    return said.split()


@given(text.filter(lambda text: not {*'“«"'} & {*text}))
@example("Đồng ý…nhưng (cần sửa)/bỏ;thêm\nđường")
def test_a_span_without_quotations_is_read_chunk_by_chunk_as_in_one_go(text: str) -> None:
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        seen = view(text)
        assert spoken(seen, 0, len(seen.plain)) == _whole(seen.matched)


@given(text, st.integers(0, 20), st.integers(0, 20))
def test_a_part_of_a_text_is_read_as_if_it_stood_alone(text: str, start: int, length: int) -> None:
    seen = view(text)
    end = min(len(seen.plain), start + length)
    start = min(start, end)
    if not {*'“«"'} & {*text}:
        assert spoken(seen, start, end) == _whole(seen.matched[start:end])
