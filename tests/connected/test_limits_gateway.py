"""Limits behind the real gateway: whose address counts, and how long a silent client may sit there."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.embedded import EmbeddedProcess
from tests.support.ingest_app import CONSULTATION, POST

pytestmark = pytest.mark.connected


@pytest.fixture
def system(tmp_path: Path) -> Iterator[EmbeddedProcess]:
    """An embedded system that takes three posts a minute from a network."""
    one = EmbeddedProcess(tmp_path / "data", env={"YKIEN_POSTS_PER_MINUTE": "3", "YKIEN_ACK_WAIT_S": "2"})
    one.start()
    yield one
    one.stop()


def test_an_invented_address_buys_nothing_and_a_silent_client_is_hung_up_on(system: EmbeddedProcess) -> None:
    if (late := time.time() % 60) > 45:  # limits are counted per minute of the clock
        time.sleep(60.5 - late)
    host, port = "127.0.0.1", system.port
    silent = socket.create_connection((host, port))
    silent.sendall(b"POST " + POST.encode() + b" HTTP/1.1\r\nHost: ykien\r\nX-Slow: ")
    started = time.monotonic()
    statuses = []
    with httpx.Client(base_url=system.url, timeout=30, trust_env=False) as client:
        for number in range(6):
            invented = f"198.51.100.{number}"
            headers = {"X-Forwarded-For": invented, "X-Real-IP": invented, "Forwarded": f"for={invented}"}
            statuses.append(client.post(POST, json={"text": "x"}, headers=headers).status_code)
        assert statuses == [202, 202, 202, 429, 429, 429]
        many = ", ".join(f"203.0.113.{n}" for n in range(50))
        assert client.post(POST, json={"text": "x"}, headers={"X-Forwarded-For": many}).status_code == 429
        token = {"Authorization": f"Bearer {system.token}"}
        assert client.post(POST, json={"text": "x"}, headers=token).status_code == 202
        script = client.get("/static/ingest/proof.js")
        assert (script.status_code, "javascript" in script.headers["content-type"]) == (200, True)
        page = client.get(f"/c/{CONSULTATION}", headers={"Accept": "text/html"})
        assert page.status_code == 200
    silent.settimeout(40)
    answer = silent.recv(1000)
    assert answer == b"" or b" 408 " in answer or b" 400 " in answer
    assert 5 < time.monotonic() - started < 40
