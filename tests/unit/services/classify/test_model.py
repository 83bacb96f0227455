"""The model of a definition."""

from dataclasses import replace

from services.classify.learning.artifact import load
from services.classify.learning.train import train
from services.classify.model import BM25_LOG_ODDS, OUTSIDE, build_model
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.learning.examples import ROWS


def test_equal_definitions_have_equal_models() -> None:
    assert build_model(small_consultation()) == build_model(small_consultation())


def test_the_version_follows_what_the_model_reads_and_nothing_else() -> None:
    base = small_consultation()
    other_hint = base.topic_groups[0].model_copy(update={"hints": ("khẩu hiệu",)})
    changed = base.model_copy(update={"topic_groups": (other_hint, *base.topic_groups[1:])})
    assert build_model(changed).version != build_model(base).version
    assert build_model(small_consultation(support_phone="1111")).version == build_model(base).version


def test_a_section_below_a_groups_section_belongs_to_it() -> None:
    model = build_model(small_consultation())
    assert model.topics_of_section("III.4.b") == (3,)
    assert model.topics_of_section("XX") == ()


def test_a_hint_of_two_groups_weighs_less_for_each() -> None:
    base = small_consultation()
    shared_hint = base.topic_groups[1].model_copy(update={"hints": ("hạn chế",)})
    model = build_model(
        base.model_copy(update={"topic_groups": (base.topic_groups[0], shared_hint, *base.topic_groups[2:])})
    )
    alone = build_model(base).phrases["han", "che"]
    both = model.phrases["han", "che"]
    assert both == {2: alone[3] / 2, 3: alone[3] / 2}


def test_a_place_without_a_word_says_nothing_and_all_others_stand_the_loudest_first() -> None:
    day0 = build_model(small_consultation())
    learned = load(train(ROWS, day0))
    doubled = replace(learned, topics=replace(learned.topics, scale=2.0))
    for model, scale in ((day0, 1.0), (build_model(small_consultation(), learned=doubled), 2.0)):
        nothing, *spoken = model.spoken
        assert (nothing[0], nothing[1], nothing[3].weight) == (0.0, OUTSIDE, 0.0)
        assert [its[:3] for its in spoken] == sorted(
            (-weight * (BM25_LOG_ODDS * scale), code, term)
            for term, by in model.terms.items()
            for code, weight in by.items()
        )
        for negated, code, term, evidence in spoken:
            assert (evidence.term, evidence.topic, evidence.weight) == (term, code, round(-negated, 3))
        for code in model.codes:
            places = model.spoken_for[code]
            assert len(places) == len(model.lexicon.terms)
            for term, place in zip(model.lexicon.terms, places, strict=True):
                assert (model.spoken[place][1:3] == (code, term)) is (code in model.terms[term])
                assert place or code not in model.terms[term]


def test_a_model_keeps_of_a_chunk_what_its_own_words_and_what_it_learned_make_of_it() -> None:
    day0 = build_model(small_consultation())
    learned = build_model(small_consultation(), learned=load(train(ROWS, day0)))
    assert learned.learned is not None
    for chunk in ("giáo", "nhân.", "sa", "giao-thông,", "lạ", "一"):
        for chunks, of_learned in zip(day0.chunks, learned.chunks, strict=True):
            assert chunks[chunk][3:] == (day0.words[chunk], b"")
            assert of_learned[chunk][3:] == (learned.words[chunk], learned.learned.scorer.pack([chunk]))
            assert chunks[chunk][:3] == of_learned[chunk][:3]
