"""Fixtures for every test; nothing here starts before a test asks for it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from shared.broker import connect
from shared.bus import Bus, open_bus
from shared.provision import provision
from shared.settings import ServiceSettings
from tests.support.nats_server import NatsServer

# How fast an example runs on a busy machine says nothing about the code; what must be fast has a test of its own CPU time.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture
def nats_server() -> Iterator[NatsServer]:
    """A running nats-server of the test's own."""
    server = NatsServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def bus_settings(nats_server: NatsServer) -> ServiceSettings:
    """Settings that point at the test's nats-server, with a short patience after crashes."""
    return ServiceSettings(nats_url=nats_server.url, ack_wait_s=2.0)


@pytest.fixture
async def bus(bus_settings: ServiceSettings) -> AsyncIterator[Bus]:
    """A provisioned bus, open."""
    nc = await connect(bus_settings)
    await provision(nc.jetstream(), ack_wait_s=bus_settings.ack_wait_s)
    await nc.close()
    async with open_bus(bus_settings, "test") as opened:
        yield opened
