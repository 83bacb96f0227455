"""Faithful by construction: every opinion is an exact piece of the text, in order, and nothing else vanishes."""

import pytest
from hypothesis import given, settings

from services.classify.learning.artifact import load
from services.classify.learning.train import train
from services.classify.model import TopicModel, build_model
from services.classify.pipeline import classify_text, text_key
from shared.events import Opinion, SetAside, Stance
from tests.support.growth import LINEAR, growth, timed
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.learning.examples import ROWS
from tests.unit.services.classify.letters import letters

MODEL = build_model(small_consultation())
LEARNED = build_model(small_consultation(), learned=load(train(ROWS, MODEL)))


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
        for those in (opinion.cites, opinion.edits, opinion.pii):
            assert all(opinion.start <= found.start < found.end <= opinion.end for found in those)
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
