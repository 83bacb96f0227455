"""Pages and lines of a draft."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.draft_text import DraftTextError, parse

LINE = st.text(alphabet="abcđ ê.-[]1", min_size=1, max_size=20).filter(
    lambda t: t.strip() and not t.strip().startswith("[trang")
)


def test_blank_lines_do_not_count_and_places_are_found() -> None:
    draft = parse("\n[trang 1]\nMột\n\n  Hai \n[trang 2]\r\nBa\n")
    assert draft.pages[0].numbered() == ((1, "Một"), (2, "Hai"))
    assert draft.line(2, 1) == "Ba"
    assert draft.line(2, 2) is draft.line(3, 1) is draft.line(0, 1) is draft.line(1, 0) is None


@given(st.lists(st.lists(LINE, max_size=4), min_size=1, max_size=5))
def test_every_line_comes_back_at_its_place(pages: list[list[str]]) -> None:
    text = "\n".join(f"[trang {n}]\n" + "\n\n".join(lines) for n, lines in enumerate(pages, start=1))
    draft = parse(text)
    assert [page.number for page in draft.pages] == list(range(1, len(pages) + 1))
    assert [list(page.lines) for page in draft.pages] == [[line.strip() for line in lines] for lines in pages]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no .trang 1"),
        ("a\n[trang 1]", "line 1: there is text"),
        ("[trang 1]\n[trang 3]", r"line 2: .trang 3. must be .trang 2"),
        ("[trang 2]", "line 1"),
    ],
)
def test_wrong_page_marks_are_refused_with_their_line(text: str, fault: str) -> None:
    with pytest.raises(DraftTextError, match=fault):
        parse(text)


@given(st.lists(st.lists(LINE, max_size=4), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_every_line_knows_where_it_stands_in_the_file(pages: list[list[str]], end: str, marked: bool) -> None:
    text = "\ufeff" * marked + end.join(f"[trang {n}]{end}" + end.join(lines) for n, lines in enumerate(pages, start=1))
    for page in parse(text).pages:
        assert [text[at : at + len(line)] for at, line in zip(page.starts, page.lines, strict=True)] == list(page.lines)
