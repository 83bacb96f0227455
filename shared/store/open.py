"""Which engine a service gets: MongoDB when a URL is set, else its own SQLite file."""

from collections.abc import Sequence

from shared.settings import ServiceSettings
from shared.store.port import Collection, DocumentStore
from shared.store.sqlite import SqliteStore


def open_store(settings: ServiceSettings, service: str, collections: Sequence[Collection]) -> DocumentStore:
    """The service's own store, not connected yet: call `open()`. Raises ValueError for a name no engine can carry."""
    if settings.mongo_url is None:
        return SqliteStore(settings.data / f"{service}.sqlite3", collections)
    from shared.store.mongo import MongoStore  # the embedded run never loads Motor

    return MongoStore(settings.mongo_url, service, collections)
