"""Says loudly at the end of a run when half of the store contract was not tested, and leaves no database behind."""

from collections.abc import Iterator

import pytest

from tests.support.store_engines import DATABASE, MISSING, MONGO_URL


@pytest.fixture(scope="session", autouse=True)
def _drop_database() -> Iterator[None]:
    yield
    if MONGO_URL is not None:
        from pymongo import MongoClient

        client: MongoClient[dict[str, object]] = MongoClient(MONGO_URL)
        client.drop_database(DATABASE)
        client.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that cannot be overlooked."""
    if MONGO_URL is None:
        terminalreporter.section("MOTOR HALF SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.write_line(MISSING, red=True)
