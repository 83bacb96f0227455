"""The model of a definition."""

from services.classify.model import build_model
from tests.support.small_consultation import small_consultation


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
