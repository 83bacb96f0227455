"""Announced models are taken into use as they come; what cannot be read is refused and the last good one stays."""

import asyncio
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from nats.js.kv import KV_DEL

from services.classify.learning.rows import Labelled
from services.classify.learning.train import train
from services.classify.model import build_model
from services.classify.retrain.announced import Announced, LearnedModels
from shared.errors import Transient
from tests.support.small_consultation import small_consultation
from tests.support.waiting import until
from tests.unit.services.classify.samples import AT

ROWS = [Labelled(f"Đề nghị làm đường giao thông đến bản số {n}.", (6,) if n % 2 else (3,)) for n in range(12)]


class Blobs:
    """Bytes by their SHA-256; `away` as often as told."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.away = 0

    async def get(self, name: str) -> bytes:
        if self.away:
            self.away -= 1
            raise Transient("the bus is away")
        return self.held[name]


def entry(data: bytes, key: str = "thu-nghiem", operation: str | None = None) -> Any:
    return SimpleNamespace(key=key, value=data, operation=operation, revision=1)


def announced(name: str | None, consultation: str = "thu-nghiem") -> bytes:
    one = Announced(consultation=consultation, version="v", sha256=name, state="s", rows=12, trained_at=AT)
    return one.model_dump_json().encode()


@pytest.fixture
def artifact() -> bytes:
    return train(ROWS, build_model(small_consultation()))


async def test_a_good_one_is_used_and_bad_ones_change_nothing(artifact: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.classify.retrain.announced._AGAIN_S", 0.01)
    blobs: Any = Blobs()
    name, broken = sha256(artifact).hexdigest(), "b" * 64
    blobs.held |= {name: artifact, broken: b"no model"}
    blobs.away = 2
    js: Any = None
    models = LearnedModels(js, blobs)
    loading = asyncio.create_task(models._load_all())
    models._take(entry(announced(name)))
    await until(lambda: models.get("thu-nghiem") is not None, 5)
    good = models.get("thu-nghiem")
    models._take(entry(announced(broken)))
    models._take(entry(b"no announcement"))
    models._take(entry(announced(name, "khac")))
    await until(lambda: not models._open(), 5)
    models._take(entry(announced("c" * 64)))  # is not in the object store
    await until(lambda: not models._open(), 5)
    assert models.get("thu-nghiem") is good
    assert models.get("khac") is None
    models._take(entry(b"", operation=KV_DEL))
    assert models.get("thu-nghiem") is None
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)


async def test_an_artifact_that_was_stored_again_is_taken_when_it_is_announced_again(artifact: bytes) -> None:
    blobs: Any = Blobs()
    js: Any = None
    models = LearnedModels(js, blobs)
    loading = asyncio.create_task(models._load_all())
    name = sha256(artifact).hexdigest()
    models._take(entry(announced(name)))
    await until(lambda: models.unusable("thu-nghiem"), 5)
    blobs.held[name] = artifact
    models._take(entry(announced(name)))
    await until(lambda: models.get("thu-nghiem") is not None, 5)
    assert not models.unusable("thu-nghiem")
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)


async def test_a_model_that_is_withdrawn_is_used_no_longer(artifact: bytes) -> None:
    blobs: Any = Blobs()
    js: Any = None
    models = LearnedModels(js, blobs)
    loading = asyncio.create_task(models._load_all())
    name = sha256(artifact).hexdigest()
    blobs.held[name] = artifact
    models._take(entry(announced(name)))
    await until(lambda: models.get("thu-nghiem") is not None, 5)
    assert models.stored() == {name}
    models._take(entry(announced(None)))
    assert models.get("thu-nghiem") is None
    assert not models._open()
    assert not models.unusable("thu-nghiem")
    assert models.stored() == frozenset()
    models._take(entry(announced(name)))
    await until(lambda: models.get("thu-nghiem") is not None, 5)
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
