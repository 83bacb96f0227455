"""The model in use: built anew when the definition or what was learned changes, and only then; an unfit one is refused."""

from types import SimpleNamespace
from typing import Any

from services.classify.learning.artifact import Learned, load
from services.classify.learning.rows import Labelled
from services.classify.learning.train import train
from services.classify.model import build_model
from services.classify.models import Models
from tests.support.small_consultation import small_consultation

ROWS = [Labelled(f"Đề nghị làm đường giao thông đến bản số {n}.", (6,) if n % 2 else (3,)) for n in range(12)]


def models(learned: dict[str, Learned]) -> Models:
    registry: Any = SimpleNamespace()
    return Models(registry, learned.get)


async def test_an_equal_definition_keeps_the_model_and_another_makes_a_new_one() -> None:
    ours = models({})
    first = await ours.of(small_consultation())
    assert await ours.of(small_consultation()) is first
    assert await ours.of(small_consultation(title="Tên khác")) is not first


async def test_a_learned_model_is_taken_into_use_at_the_next_question_and_names_itself() -> None:
    learned: dict[str, Learned] = {}
    ours = models(learned)
    before = await ours.of(small_consultation())
    learned["thu-nghiem"] = load(train(ROWS, build_model(small_consultation())))
    after = await ours.of(small_consultation())
    assert after.learned is learned["thu-nghiem"]
    assert after.version != before.version
    assert (await ours.day0(small_consultation())).version == before.version
    assert await ours.of(small_consultation()) is after


async def test_a_model_for_other_topic_groups_is_refused_and_the_good_one_stays() -> None:
    learned = {"thu-nghiem": load(train(ROWS, build_model(small_consultation())))}
    ours = models(learned)
    good = await ours.of(small_consultation())
    groups = [{"code": 9, "title": "Khác", "description": "Khác", "hints": ["chủ đề"]}]
    other = build_model(small_consultation(topic_groups=groups))
    learned["thu-nghiem"] = load(train([Labelled("chủ đề", (9,))] * 12, other))
    assert await ours.of(small_consultation()) is good
