"""Faithful by construction: every opinion is an exact piece of the text, in order, and nothing else vanishes."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.learning.artifact import load
from services.classify.learning.train import train
from services.classify.model import Correction, TopicModel, build_model
from services.classify.pipeline import Letter, TextRead, classify_text, classify_texts, text_key
from shared.events import Opinion, SetAside, Stance
from tests.support.growth import LINEAR, growth, timed
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.learning.examples import ROWS

MODEL = build_model(small_consultation())
LEARNED = build_model(small_consultation(), learned=load(train(ROWS, MODEL)))
_PIECES = (
    "Đề nghị ",
    "bổ sung ",
    "\n",
    "\n\n",
    "1. ",
    "- ",
    "a) ",
    "Thứ hai, ",
    "Kính gửi",
    "Xin cảm ơn",
    ". ",
    ": ",
    "“",
    "”",
    "trang 6",
    ", dòng 3",
    "Điều 9",
    " và 10",
    "\u0301",
    "đ",
    "İ",
    "😀",
    "0912345678",
    "a@b.vn",
    "thay ",
    " bằng ",
    "\r\n",
    "\u2028",
    "x",
    "không ",
    "?",
)
letters = st.one_of(st.text(), st.lists(st.sampled_from(_PIECES)).map("".join))


def read(text: str, *, section_ref: str | None = None, given_stance: Stance | None = None) -> tuple[Opinion, ...]:
    return classify_text(text, MODEL, id_prefix="x", section_ref=section_ref, given=given_stance).opinions


@pytest.mark.parametrize("model", [MODEL, LEARNED], ids=["day0", "learned"])
@settings(max_examples=100)
@given(letters)
def test_an_opinion_is_what_its_constructor_makes_of_the_same_values(model: TopicModel, text: str) -> None:
    found = classify_text(text, model, id_prefix="x")
    for aside in found.set_aside:
        assert aside == SetAside(kind=aside.kind, start=aside.start, end=aside.end)
        assert list(aside.__dict__) == list(SetAside.model_fields)
    for opinion in found.opinions:
        built = Opinion(**{name: getattr(opinion, name) for name in opinion.model_fields_set})
        assert opinion.text_key == text_key(opinion.text)
        assert built == opinion
        assert built.__dict__ == opinion.__dict__
        assert list(built.__dict__) == list(opinion.__dict__)
        assert opinion.evidence is not None
        assert list(opinion.evidence.__dict__) == list(type(opinion.evidence).model_fields)
        assert built.model_fields_set == opinion.model_fields_set
        assert Opinion.model_validate_json(opinion.model_dump_json()) == opinion
        assert opinion.model_copy(update={"similarity": 0.5}).model_fields_set == opinion.model_fields_set | {
            "similarity"
        }


@settings(max_examples=300)
@given(letters)
def test_opinions_are_exact_spans_in_order_without_overlap(text: str) -> None:
    position = 0
    for opinion in read(text):
        assert position <= opinion.start < opinion.end <= len(text)
        assert opinion.text == text[opinion.start : opinion.end]
        position = opinion.end


@settings(max_examples=300)
@given(letters)
def test_everything_found_lies_inside_its_opinion(text: str) -> None:
    for opinion in read(text):
        for found in (*opinion.cites, *opinion.edits, *opinion.pii):
            assert opinion.start <= found.start < found.end <= opinion.end
        for edit in opinion.edits:
            piece = text[edit.start : edit.end]
            assert all(wording in piece for wording in (edit.old, edit.new, edit.place) if wording is not None)
        assert all(a.end <= b.start for a, b in zip(opinion.pii, opinion.pii[1:], strict=False))


@settings(max_examples=300)
@given(letters)
def test_only_white_space_and_courtesies_are_left_out(text: str) -> None:
    opinions = read(text)
    assert bool(opinions) is bool(text.strip())
    left, position = [], 0
    for opinion in opinions:
        left.append(text[position : opinion.start])
        position = opinion.end
    left.append(text[position:])
    if "kính" not in text.lower() and "cảm ơn" not in text.lower():
        assert "".join(left).strip() == ""


@given(letters)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert read(text) == read(text)


def test_a_given_stance_is_never_overridden() -> None:
    assert read("Đề nghị bỏ đoạn cuối.", given_stance=Stance.AGREE)[0].stance is Stance.AGREE


def test_the_section_the_respondent_named_is_evidence_for_the_topic() -> None:
    assert read("Viết lại cho gọn.", section_ref="iii")[0].topics == (3,)


def test_an_unknown_section_is_no_evidence() -> None:
    assert read("Viết lại cho gọn.", section_ref="XCIX")[0].topics == (0,)


def test_ids_count_from_one() -> None:
    assert [o.opinion_id for o in read("1. Bổ sung đường.\n2. Sửa câu.")] == ["x-1", "x-2"]


# Enough of either kind (with diacritics and without) for a batch to be read as one, before and behind what is drawn.
_AROUND = tuple(
    Letter(text, f"around{number}")
    for number, text in enumerate(
        (
            "Đề nghị bổ sung hạn chế, nguyên nhân. Cảm ơn.",
            "De nghi thay “a” bang “b” tai trang 6",
            "Kính gửi Ban Thường vụ.\n1. Nhất trí với chủ đề Đại hội.\n2. Thiếu giáo viên.",
            "khong dong y. 0912345678",
            "Tôi khiếu",
            "nại và đề",
            "Đề nghị bỏ Điều 9. 12",
            "thieu giao vien va tram y te",
            "",
            "Bản tôi không trồng được sa nhân",
        )
        * 5
    )
)
_LONG = Letter("Đề nghị bổ sung đường giao thông vì hạn chế còn nhiều; " * 60, "long")
_SAYINGS = ("sa nhân ", "giáo viên, ", "hạn chế ", "đường", " giao thông ", "khiếu", " nại ", "nhất trí", "giao vien ")
_BLANKS = (" ", "  ", "\t", "\xa0", "\x85")
sayings = st.lists(st.sampled_from((*_PIECES, *_SAYINGS, *_BLANKS, ".", "12", "cảm", "ơn", "Hoà"))).map("".join)
posts = st.lists(
    st.builds(
        Letter,
        st.one_of(letters, sayings),
        st.sampled_from(["x", "y-1", ""]),
        st.sampled_from([None, None, "III", "iv.1", "XCIX", ""]),
        st.sampled_from([None, None, *Stance]),
    ),
    max_size=6,
)


def one_by_one(several: tuple[Letter, ...], model: TopicModel) -> list[TextRead]:
    return [
        classify_text(its.text, model, id_prefix=its.id_prefix, section_ref=its.section_ref, given=its.given)
        for its in several
    ]


@pytest.mark.parametrize("model", [MODEL, LEARNED], ids=["day0", "learned"])
@settings(max_examples=60)
@given(posts)
def test_many_letters_are_read_as_one_by_one_in_their_order(model: TopicModel, drawn: list[Letter]) -> None:
    several = (*_AROUND, *drawn, _LONG, *_AROUND[::-1])
    together = classify_texts(several, model)
    alone = one_by_one(several, model)
    assert together == alone
    for many, one in zip(together, alone, strict=True):
        assert [o.model_dump_json() for o in many.opinions] == [o.model_dump_json() for o in one.opinions]
        assert [s.model_dump_json() for s in many.set_aside] == [s.model_dump_json() for s in one.set_aside]


@pytest.mark.parametrize("model", [MODEL, LEARNED], ids=["day0", "learned"])
@settings(max_examples=40)
@given(posts, st.data())
def test_what_people_decided_holds_for_its_own_words_among_many_letters(
    model: TopicModel, drawn: list[Letter], data: st.DataObject
) -> None:
    several = (*drawn, *_AROUND)
    keys = sorted({opinion.text_key or "" for its in one_by_one(several, model) for opinion in its.opinions})
    decisions = st.builds(
        Correction, st.sampled_from([(1,), (6, 3), (0,)]), st.sampled_from([None, *Stance]), st.just("r1")
    )
    corrections = data.draw(st.dictionaries(st.sampled_from(keys), decisions))
    corrected = replace(model, corrections=corrections)
    together = classify_texts(several, corrected)
    assert together == one_by_one(several, corrected)
    for its, letter in zip(together, several, strict=True):
        for opinion in its.opinions:
            assert opinion.evidence is not None
            decision = corrections.get(opinion.text_key or "")
            assert (opinion.evidence.by == "correction") is (decision is not None)
            if decision is not None:
                assert (opinion.topics, opinion.confidence) == (decision.topics, 1.0)
                assert opinion.stance is (letter.given or decision.stance or opinion.stance)


@pytest.mark.parametrize(
    "text",
    [
        "Làm  đường. Cảm\tơn",
        "Đề  nghị làm đường. Cảm\tơn.",
        "Làm  đường cho bản. Xin  trân  trọng. cảm\tơn\tBan\tTổ chức.",
        "Đã xem.Cảm\tơn",
        "Lam  duong. Cam\ton",
        "Làm\xa0đường.  Cảm \t ơn",
    ],
)
def test_a_letter_with_blanks_of_several_kinds_is_read_among_others_as_alone(text: str) -> None:
    several = (*_AROUND, Letter(text, "x"), *_AROUND)
    assert classify_texts(several, MODEL)[len(_AROUND)] == classify_text(text, MODEL, id_prefix="x")


def test_each_of_many_letters_keeps_its_own_ids_section_and_stance() -> None:
    several = [
        Letter("Viết lại cho gọn.", f"n{number}", section, given)
        for number, (section, given) in enumerate([("iii", None), (None, Stance.AGREE), ("I", Stance.DISAGREE)] * 4)
    ]
    found = classify_texts(several, MODEL)
    assert [its.opinions[0].opinion_id for its in found] == [f"n{number}-1" for number in range(12)]
    assert [its.opinions[0].topics for its in found] == [(3,), (0,), (1,)] * 4
    assert [its.opinions[0].stance for its in found[1:3]] == [Stance.AGREE, Stance.DISAGREE]


def test_no_letter_gives_no_reading_and_letters_without_a_word_give_an_empty_one_each() -> None:
    assert classify_texts([], MODEL) == []
    assert classify_texts([], LEARNED) == []
    assert classify_texts([Letter("", "a"), Letter(" \n", "b")] * 5, LEARNED) == [TextRead((), ())] * 10


UNITS = (
    "a ",
    "(",
    "1.\n",
    "1. ",
    '"',
    "“a” ",
    "Điều 9, ",
    "0",
    "- a\n",
    "e\u0301",
    "\u0301",
    "@",
    "bỏ ",
    "\n",
    "kính gửi\n",
    "kính mong các đồng chí quan tâm.\n",
    "trên đây là các ý kiến ",
    "chúc đại hội đảng bộ ",
    "mong   ",
    "x; (2) ",
    "tôi ",
    "a.b@c.",
)


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    assert growth(read, lambda size: unit * (size // len(unit)), 15_000, 300_000) <= LINEAR


@pytest.mark.parametrize("unit", ["a ", "(", "1.\n"])
def test_a_megabyte_costs_no_more_for_each_character(unit: str) -> None:
    assert growth(read, lambda size: unit * (size // len(unit)), 15_000, 1_000_000) <= LINEAR


def test_the_longest_letter_that_is_taken_in_takes_less_than_five_seconds() -> None:
    point = "1. Đề nghị thay “nền nếp” bằng “nề nếp” tại trang 6, dòng 3; kính mong các đồng chí quan tâm.\n"
    letter = point * (400_000 // len(point.encode()))
    assert timed(lambda: read(letter), most=5)[0] <= 5  # 0.3 to 0.7 here


def test_a_long_letter_makes_an_event_of_bounded_size() -> None:
    text = "- Điều 9, trang 6: thay “a” bằng “b”, gọi 0912345678\n" * 8000
    opinions = read(text)
    assert sum(len(o.model_dump_json()) for o in opinions) < 2 * len(text.encode())
