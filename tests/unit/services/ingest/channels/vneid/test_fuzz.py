"""Random, forged and damaged messages: no crash, and none is believed that the issuer did not sign."""

import asyncio
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest import respondent
from services.ingest.channels.vneid import counts, envelope, keys, payload
from services.ingest.channels.vneid.key_source import unknown
from services.ingest.channels.vneid.keys import Key
from services.ingest.channels.vneid.refusal import MalformedToken, Untrusted
from services.ingest.channels.vneid.settings import VneidSettings
from services.ingest.channels.vneid.verify import verify
from services.ingest.faults import Refused
from shared.clock import format_instant
from shared.consultation_yaml import load
from tests.support.fuzz import for_seconds
from tests.support.ingest_app import ROOT
from tests.support.vneid_issuer import AUD, ISS, claims, ec_key, encoded, jwks, rsa_key, sign
from tests.support.vneid_issuer import Key as SigningKey

NOW = datetime(2025, 6, 12, 3, tzinfo=UTC)
DEFINITION = load(ROOT / "consultations" / "lai-chau-2025.yaml")
SETTINGS = VneidSettings.model_validate(
    {"issuers": [{"id": "thu", "issuer": ISS, "audience": AUD, "jwks_file": "x", "aggregates": {"channel": "vneid"}}]}
)
KEYS = keys.read(json.dumps(jwks(ec_key(), rsa_key())).encode())
SIGNERS: tuple[SigningKey, ...] = (ec_key(), rsa_key(), ec_key())
GENUINE = [
    sign(claims(NOW, jti=f"that-{n}", text="Nhất trí với dự thảo.", stance="Tán thành"), key)
    for n, key in enumerate(SIGNERS)
]
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1e308,
        10**40,
        "",
        "x",
        "\ud800",
        "\0",
        "a" * 3000,
        [],
        {},
        [{}],
        {"a": {"a": 1}},
        NOW.timestamp(),
    ),
    *("Tán thành", "agree", "II", "2025-06-12T00:00:00+07:00", "0001-01-01T00:00:00+14:00", [{"submissions": 1}]),
)
NAMES = (
    *payload.Said.model_fields,
    *counts.Batch.model_fields,
    "iss",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "sub",
    "strange",
)
HEADERS = ("alg", "kid", "crit", "b64", "typ", "jwk", "jku", "x5u", "x5c", "zip")


class _Source:
    async def find(self, kid: str, alg: str) -> Key:
        if (key := KEYS.get((kid, alg))) is None:
            raise unknown()
        return key


async def take(body: bytes) -> None:
    """The way of both routes up to the commit point. Raises Refused."""
    trusted = await verify(envelope.read(body), SETTINGS, {"thu": _Source()}, NOW)
    try:
        found = payload.mapped(trusted, payload.Said.model_fields)
        taken = payload.submit(payload.read(found.fields, trusted.issuer), trusted, DEFINITION)
        event = respondent.for_event(taken.person, "C", (), pepper=b"k", seal=lambda data: data.decode())
        taken.model_dump_json() + event.model_dump_json()
    except Refused:
        found = payload.mapped(trusted, counts.Batch.model_fields)
        batch = counts.read(found.fields, trusted.issuer)
        rows, _ = counts.rows(batch, DEFINITION, trusted.issuer, NOW)
        format_instant(batch.period_start) + "".join(row.model_dump_json() for row in rows)


def damaged(dice: random.Random) -> bytes:
    """Something that is none of the genuine messages."""
    token = bytearray(dice.choice(GENUINE).encode())
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(token))
        match dice.randrange(7):
            case 0:
                token[at] ^= 1 << dice.randrange(8)
            case 1:
                del token[at:]
            case 2:
                del token[at : at + dice.randint(1, 40)]
            case 3:
                token[at:at] = dice.randbytes(dice.randint(1, 20))
            case 4:  # parts of another one
                parts, other = bytes(token).split(b"."), dice.choice(GENUINE).encode().split(b".")
                n = dice.randrange(min(len(parts), len(other)))
                token = bytearray(b".".join([*parts[:n], other[n], *parts[n + 1 :]]))
            case 5:
                header = {"alg": "ES256", "kid": "ec-1"} | {dice.choice(HEADERS): dice.choice(VALUES)}
                token[: token.find(b".")] = encoded(json.dumps(header).encode()).encode()
            case _:
                said = claims(NOW, **{dice.choice(NAMES): dice.choice(VALUES)})
                rest = bytes(token).rsplit(b".", 1)[-1]
                token = bytearray(
                    b".".join([GENUINE[0].split(".")[0].encode(), encoded(json.dumps(said).encode()).encode(), rest])
                )
        if not token:
            return b""
    return bytes(token)


@pytest.mark.fuzz
def test_no_forged_or_truncated_message_is_believed() -> None:
    genuine = {token.encode() for token in GENUINE}

    async def check(bodies: list[bytes]) -> None:
        for body in bodies:
            if body.strip(b" \t\r\n") in genuine:
                continue
            with pytest.raises((Untrusted, MalformedToken)):
                await take(body)

    ran = for_seconds(lambda dice: [damaged(dice) for _ in range(50)], lambda bodies: asyncio.run(check(bodies)))
    assert ran


@pytest.mark.fuzz
def test_whatever_an_issuer_signs_is_taken_or_refused_with_a_reason() -> None:
    async def check(tokens: list[str]) -> None:
        reasons: list[str] = []
        for token in tokens:
            try:
                await take(token.encode())
            except Refused as error:
                reasons += [fault.reason for fault in error.faults]
        assert all(reasons)

    def signed(dice: random.Random) -> list[str]:
        return [
            sign(
                json.dumps(
                    claims(NOW, **{dice.choice(NAMES): dice.choice(VALUES) for _ in range(dice.randint(0, 6))})
                ).encode()
            )
            for _ in range(20)
        ]

    assert for_seconds(signed, lambda tokens: asyncio.run(check(tokens)))
