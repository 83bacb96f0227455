"""A batch of letters to several consultations: each is read by its own model, in its own place, in one go."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.classify import handlers
from services.classify.decide import decide
from services.classify.model import TopicModel, build_model
from services.classify.projection import COLLECTIONS, RESULTS, result_of
from services.classify.task import Task
from shared.consultation import Consultation
from shared.events import Opinion, Outcome, SubmissionClassified, SubmissionReceived
from shared.store.port import DocumentStore
from shared.store.sqlite import SqliteStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.fakes import Site
from tests.unit.services.classify.samples import received

_GROUPS = [
    {"code": 4, "title": "Dược liệu", "description": "Sa nhân và mắc khén", "hints": ["sa nhân"], "sections": ["III"]},
    {"code": 6, "title": "Trường học", "description": "Trường, lớp", "hints": ["chủ đề Đại hội", "trường học"]},
]
FIRST, SECOND, THIRD = (
    small_consultation("dot-mot"),
    small_consultation("dot-hai", topic_groups=_GROUPS),
    small_consultation("dot-ba"),
)
MODELS = {each.id: build_model(each) for each in (FIRST, SECOND, THIRD)}
_TEXTS = (
    "Nhất trí với chủ đề Đại hội, mục số {}.",
    "Đề nghị bổ sung {} giáo viên cho trường học. Xin cảm ơn.",
    "1. Bản {} thiếu trạm y tế.\n2. Nên trồng sa nhân, không nên phá rừng.",
    "De nghi lam duong giao thong so {} cho ban vung cao",
    "",
    "{} 12 345 !!!",
    "Nêu rõ hạn chế của {} xã và nguyên nhân; thay “a” bằng “b” tại trang 6.",
)


def letters(count: int) -> list[SubmissionReceived]:
    """To the three consultations in turn, with a text of their own each, unreadable ones in between."""
    return [
        received(
            number,
            _TEXTS[number % len(_TEXTS)].format(number * 7919),
            consultation=(FIRST, SECOND, SECOND, THIRD)[number % 4].id,
            section_ref="III" if number % 5 == 0 else None,
        )
        for number in range(count)
    ]


def tasks_of(events: Sequence[SubmissionReceived]) -> list[Task]:
    definitions = {each.id: each for each in (FIRST, SECOND, THIRD)}
    return [Task(event, definitions[event.consultation], MODELS[event.consultation]) for event in events]


def read(opinions: Sequence[Opinion]) -> list[Opinion]:
    """What the words say; whom an opinion follows and who has to look at it depends on what came before."""
    return [o.model_copy(update={"same_as": None, "similarity": None, "review": ()}) for o in opinions]


@dataclass
class Asked:
    """Remembers which letters were decided together, and by which model."""

    together: list[tuple[TopicModel, list[str]]] = field(default_factory=list)

    def __call__(
        self, several: Sequence[SubmissionReceived], model: TopicModel, secret: bytes
    ) -> list[SubmissionClassified]:
        self.together.append((model, [one.submission_id for one in several]))
        return [decide(one, model, secret) for one in several]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DocumentStore]:
    opened = SqliteStore(tmp_path / "classify.sqlite3", COLLECTIONS)
    await opened.open()
    yield opened
    await opened.close()


def site(store: DocumentStore, *definitions: Consultation) -> Site:
    return Site(store, *(definitions or (FIRST, SECOND, THIRD)))


def test_the_same_words_are_about_other_groups_in_the_other_consultation() -> None:
    """Or these tests would not see a letter that was read by another's model."""
    (one, other) = (decide(received(1, _TEXTS[0], consultation=c), MODELS[c], b"k") for c in ("dot-mot", "dot-hai"))
    assert (one.opinions[0].topics, other.opinions[0].topics) == ((1,), (6,))


@pytest.mark.parametrize("count", [0, 1, 5, 64])
@pytest.mark.parametrize("long", [False, True], ids=["here", "away from the event loop"])
async def test_letters_to_several_consultations_keep_their_order_and_their_models(count: int, long: bool) -> None:
    several = letters(count)
    if long and count:
        text = "Đề nghị bổ sung đường giao thông. " * 800
        several[count // 2] = received(count // 2, text, consultation=several[count // 2].consultation)
    decided = await site_in_memory().classify._read(tasks_of(several))
    assert decided == [decide(one, MODELS[one.consultation], b"key") for one in several]


async def test_each_consultations_letters_are_decided_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, several = Asked(), letters(64)
    monkeypatch.setattr(handlers, "decide_all", asked)
    decided = await site_in_memory().classify._read(tasks_of(several))
    assert [event.submission_id for event in decided] == [one.submission_id for one in several]
    assert [model.version for model, _ in asked.together] == [
        MODELS[id_].version for id_ in ("dot-mot", "dot-hai", "dot-ba")
    ]
    for model, ids in asked.together:
        assert ids == [one.submission_id for one in several if MODELS[one.consultation] is model]


def site_in_memory() -> Site:
    return Site(None, FIRST, SECOND, THIRD)


async def test_a_full_batch_of_several_consultations_is_published_as_letter_by_letter(store: DocumentStore) -> None:
    """64 letters are what the bus hands over at most."""
    many, several = site(store), letters(64)
    await many.receive(*several)
    assert [e.submission_id for e in many.publisher.published] == [one.submission_id for one in several]
    for one, event in zip(several, many.publisher.published, strict=True):
        alone = decide(one, MODELS[one.consultation], b"key")
        assert (event.consultation, event.classifier) == (one.consultation, MODELS[one.consultation].version)
        assert (event.outcome, event.reason, event.duplicate_of) == (alone.outcome, alone.reason, None)
        assert read(event.opinions) == read(alone.opinions)
        assert event.set_aside == alone.set_aside
        held = await store.get(RESULTS, one.submission_id)
        assert held is not None
        assert result_of(held.doc) == event
    unread = sum(event.outcome is Outcome.UNREADABLE for event in many.publisher.published)
    assert unread == sum(number % len(_TEXTS) in (4, 5) for number in range(64)) > 0


async def test_a_batch_leaves_what_its_letters_one_after_the_other_leave(store: DocumentStore, tmp_path: Path) -> None:
    """With senders who repeat themselves, twice in one batch and over two, and to two consultations."""
    several = letters(48)
    for number in (3, 11, 30):
        same = several[number].model_copy(
            update={"respondent": several[number].respondent.model_copy(update={"person_hash": "p"})}
        )
        several[number] = same
        several.append(received(100 + number, same.text, "p", consultation=same.consultation))
        several.append(received(200 + number, same.text, "p", consultation="dot-ba"))
    many = site(store)
    await many.receive(*several)
    other = SqliteStore(tmp_path / "other.sqlite3", COLLECTIONS)
    await other.open()
    one_by_one = site(other)
    for one in several:
        await one_by_one.receive(one)
    await other.close()
    assert many.publisher.published == one_by_one.publisher.published
    assert sum(event.outcome is Outcome.DUPLICATE for event in many.publisher.published) >= 3
