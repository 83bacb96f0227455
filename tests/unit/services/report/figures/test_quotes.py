"""Quotes are exact, masked, fair to every stance."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.report.figures.quotes import MASK, mask, quote
from services.report.figures.rows import OpinionRow
from shared.events import Outcome, Stance, WindowMark


def row(n: int, text: str, stance: Stance = Stance.AGREE, pii: tuple[tuple[int, int], ...] = ()) -> OpinionRow:
    return OpinionRow(
        f"o{n}", f"s{n}", 1, 0, 1, None, stance, Outcome.COUNTED, "web", None, None, None, WindowMark.INSIDE,
        datetime(2025, 6, 12, tzinfo=UTC), text, (), pii, 1.0, False,
    )  # fmt: skip


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple).filter(lambda s: s[0] < s[1]))


@given(st.text(alphabet="abcđ", min_size=30, max_size=30), SPANS)
def test_a_mask_hides_exactly_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    hidden = {i for start, end in spans for i in range(start, end)}
    kept = "".join(c for i, c in enumerate(text) if i not in hidden)
    masked = mask(text, spans)
    assert masked.replace(MASK, "") == kept
    runs = sum(1 for i in hidden if i - 1 not in hidden)
    assert masked.count(MASK) == runs


def test_criticism_is_quoted_however_much_praise_came_before() -> None:
    praise = [row(n, f"Nhất trí {n}.") for n in range(50)]
    quotes, left_out = quote([*praise, row(99, "Không nhất trí.", Stance.DISAGREE)], per_stance=3)
    assert [q.opinion_id for q in quotes] == ["o0", "o1", "o2", "o99"]
    assert left_out == 47


def test_a_form_letter_is_quoted_once_with_its_number() -> None:
    quotes, left_out = quote([row(n, "Cùng một mẫu.") for n in range(7)] + [row(8, "Khác.")])
    assert [(q.text, q.times) for q in quotes] == [("Cùng một mẫu.", 7), ("Khác.", 1)]
    assert left_out == 0


def test_personal_data_are_masked_and_nothing_else_changes() -> None:
    quotes, _ = quote([row(1, "Gọi 0912 000 000 giúp tôi.", pii=((4, 16),))])
    assert quotes[0].text == "Gọi […] giúp tôi."
