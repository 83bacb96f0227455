"""When to train: never too early, once for each state of the corrections, and again when it failed."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from services.classify.models import Models
from services.classify.retrain import trainer as module
from services.classify.retrain.announced import Announced
from services.classify.retrain.apart import TrainingFailed
from services.classify.retrain.lesson import Lesson
from services.classify.retrain.rows import state_of
from services.classify.retrain.trainer import LEAST_ROWS, Trainer
from shared.events import SubmissionWithdrawn
from tests.support.small_consultation import small_consultation
from tests.support.waiting import until
from tests.unit.services.classify.fakes import Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

DEFINITION = small_consultation()


class Learned:
    """What was announced."""

    def __init__(self) -> None:
        self.now: Announced | None = None
        self.refused = False

    def announced(self, _consultation: str) -> Announced | None:
        return self.now

    def unusable(self, _consultation: str) -> bool:
        return self.refused

    def stored(self) -> frozenset[str]:
        return frozenset()


class Training:
    """Counts lessons; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.lessons: list[Lesson] = []
        self.failures = failures

    async def __call__(self, lesson: Lesson) -> bytes:
        if self.failures:
            self.failures -= 1
            raise TrainingFailed("exit code -9")
        self.lessons.append(lesson)
        return b"artifact"


class FreeLease:
    """A lease nobody else wants."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    async def try_now(self) -> bool:
        return True

    def held(self) -> Any:
        return asyncio.timeout(None)


async def made(monkeypatch: pytest.MonkeyPatch, corrected: int, training: Training) -> tuple[Trainer, Learned, Site]:
    site, learned = Site(), Learned()
    await site.receive(*(received(n, f"Đề nghị làm đường đến bản số {n}.") for n in range(corrected)))
    await site.hear(*(review(n, topics=(3 if n % 2 else 1,)) for n in range(corrected)))

    async def put(_data: bytes) -> str:
        return "0" * 64

    async def request(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(data=b'{"paused": false}')

    async def announce(_js: Any, announced: Announced, *, again: bool = False) -> bool:
        assert again == learned.refused
        learned.now = announced
        return True

    bus: Any = SimpleNamespace(
        js=None,
        nc=SimpleNamespace(request=request),
        blobs=SimpleNamespace(put=put),
        consultations=SimpleNamespace(all=lambda: (DEFINITION,)),
    )

    async def tidy(*_: Any, **__: Any) -> int:
        return 0

    monkeypatch.setattr(module, "announce", announce)
    monkeypatch.setattr(module, "tidy", tidy)
    monkeypatch.setattr(module, "Lease", FreeLease)
    registry: Any = SimpleNamespace()
    known: Any = learned
    trainer = Trainer(site.store, bus, Models(registry), known, lambda: AT, train=training, debounce_s=0.01)
    return trainer, learned, site


async def test_few_corrections_teach_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training()
    trainer, learned, _ = await made(monkeypatch, LEAST_ROWS - 1, training)
    assert await trainer.look(DEFINITION)
    assert (learned.now, training.lessons) == (None, [])


async def test_the_same_corrections_are_learned_once_and_new_ones_again(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training()
    trainer, learned, site = await made(monkeypatch, LEAST_ROWS, training)
    for _ in range(3):
        assert await trainer.look(DEFINITION)
    assert len(training.lessons) == 1
    assert learned.now is not None
    assert learned.now.rows == LEAST_ROWS
    await site.hear(review(0, minutes=5, topics=(2,)))
    await trainer.look(DEFINITION)
    assert len(training.lessons) == 2


async def test_what_failed_is_tried_again_at_the_next_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training(failures=1)
    trainer, learned, _ = await made(monkeypatch, LEAST_ROWS, training)
    running = asyncio.create_task(trainer.run())
    await asyncio.sleep(0.1)
    assert learned.now is None
    trainer.wake("thu-nghiem")
    await until(lambda: bool(training.lessons), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(training.lessons) == 1


async def test_nothing_is_learned_while_the_projection_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training()
    trainer, learned, _ = await made(monkeypatch, LEAST_ROWS, training)

    async def paused() -> bool:
        return True

    monkeypatch.setattr(trainer, "_rebuilding", paused)
    assert not await trainer.look(DEFINITION)
    assert (learned.now, training.lessons) == (None, [])


async def test_an_artifact_that_is_gone_from_the_object_store_is_made_again_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = Training()
    trainer, learned, _ = await made(monkeypatch, LEAST_ROWS, training)
    learned.refused = True  # as a replica finds it that starts after the loss
    state = await state_of(trainer._store, DEFINITION.id, (await trainer._models.day0(DEFINITION)).version)
    learned.now = Announced(
        consultation=DEFINITION.id, version="v", sha256="0" * 64, state=state.digest, rows=10, trained_at=AT
    )
    assert await trainer.look(DEFINITION)
    assert len(training.lessons) == 1
    assert await trainer.look(DEFINITION)
    assert len(training.lessons) == 1, "what cannot be read the second time either is not made for ever"


async def taken_back(site: Site, number: int) -> None:
    gone = SubmissionWithdrawn(
        consultation="thu-nghiem", submission_id=submission_id(number), withdrawn_at=AT, legal_basis="theo yêu cầu"
    )
    await site.classify(site._delivered([gone]))


async def test_a_withdrawal_of_a_decision_that_was_learned_teaches_anew_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = Training()
    trainer, learned, site = await made(monkeypatch, LEAST_ROWS + 1, training)
    await trainer.look(DEFINITION)
    assert learned.now is not None
    assert learned.now.gone == 0
    await taken_back(site, 3)
    await trainer.look(DEFINITION)
    assert len(training.lessons) == 2
    assert not any("bản số 3." in row.text for row in training.lessons[1].labelled())
    assert (learned.now.rows, learned.now.gone) == (LEAST_ROWS, 1)
    await trainer.look(DEFINITION)
    assert len(training.lessons) == 2


async def test_when_too_few_decisions_are_left_the_model_is_withdrawn_and_comes_back_with_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = Training()
    trainer, learned, site = await made(monkeypatch, LEAST_ROWS, training)
    await trainer.look(DEFINITION)
    await taken_back(site, 3)
    await trainer.look(DEFINITION)
    assert len(training.lessons) == 1
    assert learned.now is not None
    assert (learned.now.sha256, learned.now.gone) == (None, 1)
    withdrawn = learned.now
    await trainer.look(DEFINITION)
    assert learned.now is withdrawn
    await site.receive(received(90, "Đề nghị làm đường đến bản số 90."))
    await site.hear(review(90, topics=(3,)))
    await trainer.look(DEFINITION)
    assert learned.now.sha256 is not None


async def test_a_store_that_was_lost_and_is_not_rebuilt_yet_withdraws_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training()
    trainer, learned, _ = await made(monkeypatch, 0, training)
    learned.now = Announced(
        consultation=DEFINITION.id, version="v", sha256="0" * 64, state="s", rows=10, trained_at=AT, gone=2
    )
    await trainer.look(DEFINITION)
    assert learned.now.sha256 == "0" * 64
