"""Signed messages: what is believed, and every way in which one is not. Real keys, made here."""

import base64
import hmac
import json
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from services.ingest.channels.vneid import envelope as envelopes
from services.ingest.channels.vneid import keys as jwk_sets
from services.ingest.channels.vneid.key_source import unknown
from services.ingest.channels.vneid.keys import Key, Keys, UnusableKeys
from services.ingest.channels.vneid.refusal import Check, MalformedToken, Untrusted
from services.ingest.channels.vneid.settings import VneidSettings
from services.ingest.channels.vneid.verify import Trusted, verify
from tests.support.vneid_issuer import AUD, ISS, claims, ec_key, encoded, jwks, rsa_key, sign
from tests.support.vneid_issuer import Key as SigningKey

NOW = datetime(2025, 6, 12, 3, tzinfo=UTC)
SETTINGS = VneidSettings.model_validate(
    {"issuers": [{"id": "thu", "issuer": ISS, "audience": AUD, "jwks_file": "jwks.json"}]}
)


class Held:
    """A source that holds these keys."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    async def find(self, kid: str, alg: str) -> Key:
        key = self.keys.get((kid, alg))
        if key is None:
            raise unknown()
        return key


SIGNERS: list[SigningKey] = [ec_key(), rsa_key()]
KEYS = jwk_sets.read(json.dumps(jwks(ec_key(), rsa_key())).encode())


async def trusted(token: str | bytes, keys: Keys = KEYS, settings: VneidSettings = SETTINGS) -> Trusted:
    body = token if isinstance(token, bytes) else token.encode()
    return await verify(envelopes.read(body), settings, {"thu": Held(keys)}, NOW)


async def failed(token: str | bytes, keys: Keys = KEYS, settings: VneidSettings = SETTINGS) -> Check:
    with pytest.raises(Untrusted) as caught:
        await trusted(token, keys, settings)
    return caught.value.check


def said(**more: Any) -> dict[str, Any]:
    return claims(NOW, **({"text": "Nhất trí với dự thảo."} | more))


@pytest.mark.parametrize("key", [ec_key(), rsa_key()], ids=["ES256", "RS256"])
async def test_a_sound_message_is_believed(key: SigningKey) -> None:
    found = await trusted(sign(said(jti="m-1"), key))
    assert (found.issuer.id, found.jti, found.sub) == ("thu", "m-1", "cap-doi-1")
    assert found.claims["text"] == "Nhất trí với dự thảo."


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"exp": int(NOW.timestamp()) - 61, "iat": int(NOW.timestamp()) - 200}, Check.EXPIRED),
        ({"iat": int(NOW.timestamp()) + 61, "exp": int(NOW.timestamp()) + 100}, Check.NOT_YET_VALID),
        ({"nbf": int(NOW.timestamp()) + 61}, Check.NOT_YET_VALID),
        ({"exp": int(NOW.timestamp()) + 301}, Check.LIFETIME),
        ({"exp": int(NOW.timestamp())}, Check.LIFETIME),
        ({"exp": 1e300}, Check.CLAIM),
        ({"exp": True}, Check.CLAIM),
        ({"exp": "1749697200"}, Check.CLAIM),
        ({"aud": "noi-khac"}, Check.AUDIENCE),
        ({"aud": ["noi-khac"]}, Check.AUDIENCE),
        ({"aud": {AUD: 1}}, Check.AUDIENCE),
        ({"iss": "https://ke-khac.example"}, Check.ISSUER),
        ({"iss": [ISS]}, Check.ISSUER),
        ({"jti": ""}, Check.CLAIM),
        ({"jti": "x" * 129}, Check.CLAIM),
        ({"jti": 7}, Check.CLAIM),
        ({"sub": ""}, Check.CLAIM),
        ({"sub": "\ud800"}, Check.CLAIM),
        *(({name: ...}, Check.CLAIM) for name in ("aud", "iat", "exp", "jti")),
        ({"iss": ...}, Check.ISSUER),
    ],
)
async def test_claims_that_are_missing_or_wrong_name_the_check(changes: Mapping[str, Any], check: Check) -> None:
    assert await failed(sign(said(**changes))) is check


async def test_clocks_may_differ_by_the_skew_and_an_audience_may_be_one_of_several() -> None:
    at = int(NOW.timestamp())
    await trusted(sign(said(iat=at + 59, exp=at + 100)))
    await trusted(sign(said(iat=at - 300, exp=at - 59)))
    await trusted(sign(said(aud=["noi-khac", AUD])))


async def test_the_algorithm_is_never_the_messages_choice() -> None:
    public = ec_key().as_pem(private=False)
    header = encoded(b'{"alg":"HS256","kid":"ec-1"}')
    start = f"{header}.{encoded(json.dumps(said()).encode())}"
    forged = f"{start}.{encoded(hmac.digest(public, start.encode(), 'sha256'))}"
    assert await failed(forged) is Check.ALGORITHM
    head, payload, _ = sign(said()).split(".")
    for alg in ("none", "None", "nOnE", "", None, "RS512", "PS256", "HS256", ["ES256"]):
        header = encoded(json.dumps({"alg": alg, "kid": "ec-1"}).encode())
        assert await failed(f"{header}.{payload}.") is Check.ALGORITHM
    assert await failed(f"{head}.{payload}.") is Check.SIGNATURE
    # The RSA key's id with the EC algorithm: no such key, whatever the id.
    assert await failed(sign(said(), ec_key(), kid="rsa-1")) is Check.KEY
    only_rsa = VneidSettings.model_validate(
        {"issuers": [SETTINGS.issuers[0].model_dump(exclude_unset=True) | {"algorithms": ["RS256"]}]}
    )
    assert await failed(sign(said()), settings=only_rsa) is Check.ALGORITHM


async def test_keys_that_the_message_brings_along_are_ignored() -> None:
    stranger = ECKey.generate_key("P-256", {"kid": "ec-1"})
    own: dict[str, Any] = {
        "jwk": dict(stranger.as_dict(private=False)),
        "jku": "https://ke-gian.example/jwks",
        "x5u": "x",
        "x5c": ["x"],
    }
    assert await failed(sign(said(), stranger, **own)) is Check.SIGNATURE
    await trusted(sign(said(), ec_key(), jku="https://ke-gian.example/jwks", jwk={"kty": "oct"}))


async def test_critical_extensions_are_refused() -> None:
    _, payload, signature = sign(said()).split(".")
    extensions: tuple[dict[str, Any], ...] = (
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
    )
    for more in extensions:
        header = encoded(json.dumps({"alg": "ES256", "kid": "ec-1"} | more).encode())
        assert await failed(f"{header}.{payload}.{signature}") is Check.HEADER


async def test_unknown_missing_or_strange_key_ids_are_refused() -> None:
    assert await failed(sign(said(), ec_key("khac"))) is Check.KEY
    _, payload, signature = sign(said()).split(".")
    headers: tuple[dict[str, object], ...] = ({"alg": "ES256"}, {"alg": "ES256", "kid": 1}, {"alg": "ES256", "kid": ""})
    for found in headers:
        assert await failed(f"{encoded(json.dumps(found).encode())}.{payload}.{signature}") is Check.HEADER


async def test_another_key_of_the_same_id_does_not_verify() -> None:
    assert await failed(sign(said(), ECKey.generate_key("P-256", {"kid": "ec-1"}))) is Check.SIGNATURE
    assert await failed(sign(said(), RSAKey.generate_key(2048, {"kid": "rsa-1"}))) is Check.SIGNATURE


async def test_a_payload_or_header_exchanged_under_the_signature_does_not_verify() -> None:
    head, payload, signature = sign(said()).split(".")
    other = encoded(json.dumps(said(text="Không tán thành.")).encode())
    assert await failed(f"{head}.{other}.{signature}") is Check.SIGNATURE
    spaced = encoded(b'{"alg": "ES256",  "kid": "ec-1"}')
    assert await failed(f"{spaced}.{payload}.{signature}") is Check.SIGNATURE


@pytest.mark.parametrize("key", [ec_key(), rsa_key()], ids=["ES256", "RS256"])
async def test_every_truncated_message_is_refused(key: SigningKey) -> None:
    token = sign(said(), key)
    for cut in range(len(token)):
        with pytest.raises((Untrusted, MalformedToken)):
            await trusted(token[:cut])
        with pytest.raises((Untrusted, MalformedToken)):
            await trusted(token[cut + 1 :])


@given(st.data())
async def test_any_changed_bit_is_refused(data: st.DataObject) -> None:
    token = bytearray(sign(said(jti="x"), data.draw(st.sampled_from(SIGNERS))).encode())
    at = data.draw(st.integers(0, len(token) - 1))
    token[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Untrusted, MalformedToken)):
        await trusted(bytes(token).replace(b" ", b"_").replace(b"\n", b"_").replace(b"\r", b"_").replace(b"\t", b"_"))


@pytest.mark.parametrize(
    "payload",
    [
        b'{"iss":"a","iss":"b"}',
        b'{"iss":"a","text":{"x":1,"x":2}}',
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"exp":NaN}',
        b'{"exp":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        json.dumps({f"a{n}": n for n in range(101)}).encode(),
    ],
)
async def test_a_payload_that_is_no_unambiguous_json_object_is_malformed_even_when_signed(payload: bytes) -> None:
    with pytest.raises(MalformedToken):
        await trusted(sign(payload))


async def test_a_repeated_name_in_the_header_is_malformed() -> None:
    _, payload, signature = sign(said()).split(".")
    header = encoded(b'{"alg":"ES256","kid":"ec-1","alg":"none"}')
    with pytest.raises(MalformedToken):
        await trusted(f"{header}.{payload}.{signature}")


@pytest.mark.parametrize(
    "body", [b"", b".", b"..", b"a.b", b"a.b.c.d", b"a b.c.d", b"a.b.c=", "ă.b.c".encode(), b"\0" * 9]
)
def test_what_is_no_compact_jws_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedToken):
        envelopes.read(body)


def test_unused_bits_of_base64url_must_be_zero() -> None:
    """Else many spellings would carry the same signature."""
    head, payload, signature = sign(said()).split(".")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = letters[letters.index(signature[-1]) | 1]
    assert base64.urlsafe_b64decode(signature[:-1] + other + "==") == base64.urlsafe_b64decode(signature + "==")
    with pytest.raises(MalformedToken):
        envelopes.read(f"{head}.{payload}.{signature[:-1]}{other}".encode())


def test_only_sound_public_signature_keys_of_a_set_are_used() -> None:
    good = dict(ec_key().as_dict(private=False))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weak = RSAKey.generate_key(1024, {"kid": "yeu"})
        passed_over: list[object] = [
            dict(weak.as_dict(private=False)),
            dict(ECKey.generate_key("P-384", {"kid": "p384"}).as_dict(private=False)),
        ]
    passed_over += [
        good | {"kid": "enc", "use": "enc"},
        good | {"kid": "ops", "key_ops": ["sign"]},
        good | {"kid": "alg", "alg": "ES384"},
        good | {"kid": "lech", "x": good["y"]},
        dict(ECKey.generate_key("P-256", {"kid": "bi-mat"}).as_dict(private=True)),
        {"kty": "oct", "kid": "oct", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "rong"},
        {name: value for name, value in good.items() if name != "kid"},
        "khong phai khoa",
    ]
    found = jwk_sets.read(json.dumps({"keys": [*passed_over, good]}).encode())
    assert set(found) == {("ec-1", "ES256")}
    with pytest.raises(UnusableKeys):
        jwk_sets.read(json.dumps({"keys": passed_over}).encode())


def test_two_keys_under_one_id_are_both_passed_over() -> None:
    one, other = ECKey.generate_key("P-256", {"kid": "a"}), ECKey.generate_key("P-256", {"kid": "a"})
    found = jwk_sets.read(json.dumps(jwks(one, other, rsa_key())).encode())
    assert set(found) == {("rsa-1", "RS256")}
    assert set(jwk_sets.read(json.dumps(jwks(one, one)).encode())) == {("a", "ES256")}


@pytest.mark.parametrize("data", [b"", b"[]", b'{"keys":{}}', b'{"keys":[]}', b'{"keys":[1,null,"x"]}', b"<html>"])
def test_what_is_no_key_set_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableKeys):
        jwk_sets.read(data)


async def test_a_lifetime_is_bounded_by_the_settings_too() -> None:
    short = VneidSettings.model_validate(
        {"issuers": [SETTINGS.issuers[0].model_dump(exclude_unset=True) | {"max_age_s": 60}]}
    )
    assert await failed(sign(said()), settings=short) is Check.LIFETIME
    at = NOW + timedelta(seconds=30)
    await trusted(sign(said(exp=int(at.timestamp()))), settings=short)
