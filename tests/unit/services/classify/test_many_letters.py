"""Many letters are read as one by one, and whatever words are kept from one letter to the next."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.learning.artifact import load
from services.classify.learning.train import train
from services.classify.model import Correction, TopicModel, build_model
from services.classify.pipeline import Letter, TextRead, classify_text, classify_texts, read_piece, read_pieces
from services.classify.steps.splitting.split import split
from services.classify.steps.view import Rule, view, without_diacritics, words
from shared.events import Stance
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.learning.examples import ROWS
from tests.unit.services.classify.letters import PIECES, letters

MODEL = build_model(small_consultation())
LEARNED = build_model(small_consultation(), learned=load(train(ROWS, MODEL)))
LESS = build_model(small_consultation(), learned=load(train(ROWS[:4], MODEL)))

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
sayings = st.lists(st.sampled_from((*PIECES, *_SAYINGS, *_BLANKS, ".", "12", "cảm", "ơn", "Hoà"))).map("".join)
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


sizes = st.sampled_from([1, 1, 1, 40, 400])  # the text so many times: short, about 2,000 code points, far beyond


@pytest.mark.parametrize("model", [MODEL, LEARNED], ids=["day0", "learned"])
@settings(max_examples=60)
@given(letters | sayings, sizes, st.booleans(), st.sampled_from([None, "III"]))
def test_a_view_is_read_alike_with_a_models_chunks_and_without(
    model: TopicModel, text: str, times: int, bare: bool, section: str | None
) -> None:
    """Topics, key, stance and all the rest; a view of another model's chunks, whose numbers mean other words, included."""
    text = (text * times)[:4000]
    text = without_diacritics(text) if bare else text
    found = classify_text(text, model, id_prefix="x", section_ref=section).opinions
    spans = {opinion.opinion_id: (opinion.start, opinion.end) for opinion in found}
    for chunks in (None, MODEL.chunks, LEARNED.chunks, LESS.chunks):
        seen = view(text, chunks)
        assert tuple(read_pieces(seen, spans, model, section_ref=section)) == found
        again = view(text, chunks)
        assert split(again).opinions == split(view(text)).opinions
        for opinion in found[:2]:
            span = (opinion.start, opinion.end)
            assert read_piece(again, span, model, opinion_id=opinion.opinion_id, section_ref=section) == opinion


@pytest.mark.parametrize("model", [MODEL, LEARNED], ids=["day0", "learned"])
@settings(max_examples=30)
@given(posts)
def test_letters_are_read_the_same_when_all_chunks_were_forgotten_meanwhile(
    model: TopicModel, drawn: list[Letter]
) -> None:
    several = (*drawn, *_AROUND)
    before = classify_texts(several, model)
    for chunks in model.chunks:
        chunks.clear()
    assert classify_texts(several, model) == before


def test_a_rule_made_after_the_model_changes_nothing_in_what_is_kept_of_its_words() -> None:
    """The numbers of words grow with each rule: those that a model keeps of its chunks must not be of the tables before."""
    several = (*_AROUND, _LONG)
    model = build_model(small_consultation(), learned=LEARNED.learned)
    before = classify_texts(several, model)
    for spelt in (
        "aaa rất lạ, bổ sung thêm, khiếu",
        "đường",
        "zzz hạn chế nữa",
    ):  # first in the order of words, amid it, and last
        later = Rule(words(spelt))
        assert later.bits
        assert classify_texts(several, model) == before
        assert one_by_one(several, model) == before
        views = [view(letter.text, model.chunks) for letter in several]
        assert [its for seen in views for its in split(seen)] == [its for a in several for its in split(view(a.text))]


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
