"""What readers see of a submission: every word but personal data, the opinion marked, sentences that cover it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.classify.review.text import MASK, SIGNATURE, sentences_of, shown, spelt
from shared.events import PersonalData, SetAside, SubmissionClassified
from tests.unit.services.classify.review.samples import classified, opinion

TEXT = (
    "Kính gửi Ban Tổ chức.\nTôi nhất trí. Đề nghị sửa đường; số tôi là 0912 345 678, thư nguoi.dan@example.vn và sửa trạm.\n"
    "Ký tên: Người Gửi"
)
START = TEXT.index("Tôi")
END = TEXT.index("\nKý")


def letter() -> tuple[str, SubmissionClassified]:
    focus = opinion(start=START, end=END, text=TEXT[START:END])
    aside = (
        SetAside(kind="salutation", start=0, end=START - 1),
        SetAside(kind="signature", start=END + 1, end=len(TEXT)),
    )
    return TEXT, classified(focus, set_aside=aside)


def test_all_words_are_shown_but_personal_data_and_the_signature() -> None:
    text, result = letter()
    seen = shown(text, result.opinions[0], result)
    words = "".join(piece.text for piece in seen.pieces)
    expected = TEXT[: END + 1].replace("0912 345 678", MASK).replace("nguoi.dan@example.vn", MASK) + SIGNATURE
    assert words == expected
    assert {piece.part for piece in seen.pieces if "Kính gửi" in piece.text} == {"aside"}
    assert {piece.part for piece in seen.pieces if "nhất trí" in piece.text} == {"focus"}


def test_sentences_are_numbered_where_they_begin() -> None:
    text, result = letter()
    seen = shown(text, result.opinions[0], result)
    begins = {piece.sentence: piece.text for piece in seen.pieces if piece.sentence}
    assert begins[1].startswith("Tôi nhất trí.")
    assert begins[2].startswith("Đề nghị sửa đường;")
    assert [s.number for s in seen.sentences] == [1, 2, 3]


def test_hints_are_marked_in_the_opinion_whatever_their_spelling() -> None:
    focus = opinion(text="Làm ĐƯỜNG GIAO THÔNG, duong giao thong.", start=0, end=39)
    seen = shown(focus.text, focus, classified(focus), ["đường giao thông"])
    assert [piece.text for piece in seen.pieces if piece.hint] == ["ĐƯỜNG GIAO THÔNG", "duong giao thong"]
    assert not any(piece.hint for piece in shown(focus.text, focus, classified(focus)).pieces)


def test_spans_the_classifier_found_are_masked_too() -> None:
    focus = opinion(
        text="Tôi là Trần Bịa Ra ở bản.", start=0, end=25, pii=(PersonalData(kind="name", start=7, end=18),)
    )
    seen = shown(focus.text, focus, classified(focus))
    assert "".join(piece.text for piece in seen.pieces) == f"Tôi là {MASK} ở bản."


def test_a_term_is_shown_as_the_writer_spelt_it() -> None:
    assert spelt("Phát triển NHANH và bền vững", "nhanh") == "NHANH"
    assert spelt("Phát triển nhanh và bền vững", "nhanh ben") == "nhanh bền"
    assert spelt("Khác hẳn", "giao thong") == "giao thong"


def test_a_long_letter_is_shown_around_the_opinion() -> None:
    text = "x " * 50_000
    focus = opinion(text=text[40_000:40_010], start=40_000, end=40_010)
    seen = shown(text, focus, classified(focus))
    assert (seen.before, seen.after) == (True, True)
    assert sum(len(piece.text) for piece in seen.pieces) < 7000


@given(st.text(alphabet="ab .;:!?\n”…", max_size=400), st.integers(0, 50), st.integers(0, 50))
def test_sentences_cover_every_character_but_white_space(text: str, cut: int, tail: int) -> None:
    start, end = min(cut, len(text)), max(min(cut, len(text)), len(text) - tail)
    found = sentences_of(text, start, end)
    covered = {at for s in found for at in range(s.start, s.end)}
    assert {at for at in range(start, end) if not text[at].isspace()} <= covered
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [s.number for s in found] == list(range(1, len(found) + 1))
