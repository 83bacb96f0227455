"""A mail that kills whatever reads it kills a process apart; the next one is read again."""

import os
import time
from collections.abc import AsyncIterator

import pytest

from services.ingest.channels.email import parse_apart
from services.ingest.channels.email.parse_apart import ParseApart
from services.ingest.mail.content import MailContent
from services.ingest.mail.parse import parse

RAW = b"From: a@example.vn\r\nMessage-ID: <1@example.vn>\r\n\r\nXin gop y.\r\n"


def dies(_raw: bytes, _own: frozenset[str], _path: str | None) -> MailContent:
    os._exit(9)


def hangs(_raw: bytes, _own: frozenset[str], _path: str | None) -> MailContent:
    time.sleep(60)
    raise AssertionError


def eats(_raw: bytes, _own: frozenset[str], _path: str | None) -> MailContent:
    raise AssertionError(len(bytearray(parse_apart.MEMORY)))


@pytest.fixture
async def apart() -> AsyncIterator[ParseApart]:
    made = ParseApart(time_s=5)
    yield made
    made.close()


async def test_it_reads_as_the_reader_does(apart: ParseApart) -> None:
    assert await apart.read(RAW, frozenset(), None) == parse(RAW)


@pytest.mark.parametrize("deadly", [dies, hangs, eats])
async def test_what_kills_the_process_is_told_and_the_next_mail_is_read(
    apart: ParseApart, monkeypatch: pytest.MonkeyPatch, deadly: object
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(parse_apart, "_read", deadly)
        assert await apart.read(RAW, frozenset(), None) is None
    assert await apart.read(RAW, frozenset(), None) == parse(RAW)
