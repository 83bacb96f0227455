"""What a channel is to the service: routes, a place in the database, and something that runs. One folder or file per channel."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faststream.nats import NatsBroker

from services.ingest.context import Ingest
from shared.store.port import Collection


@dataclass(frozen=True)
class Channel:
    """`start` is entered before the broker starts, so that it may subscribe; it reads the channel's own settings file from
    `service.settings.channels`, does nothing when there is none, and puts what its routes need into `service.parts`.

    It raises DefinitionError for a wrong file: a channel that silently stays off loses letters.
    """

    name: str
    routes: Sequence[Any] = ()
    collections: tuple[Collection, ...] = ()
    start: Callable[[Ingest, NatsBroker], AbstractAsyncContextManager[None]] | None = None
    check: Callable[[Path], object] | None = (
        None  # of the folder of settings, before anything connects; raises DefinitionError
    )
