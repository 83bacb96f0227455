"""Who a partner's request comes from: keys, signatures, and what each failure is called."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.channels.partner.proof import TYPES, ApiKey, Sent, Signed, credentials, prove
from shared.partner_keys import WrongPartnerKey, issue, signature, signing_secret, split
from shared.partners import Partner
from shared.problem import Problem
from tests.support.fuzz import for_seconds

NOW = datetime(2025, 6, 12, 3, tzinfo=UTC)
BOX = bytes(range(32))
ISSUED = issue("smart", "khoa0001", ("s3cret_-part", "sign1ng"), NOW, BOX)
PARTNER = Partner(id="smart", name="Smart", consultations=("dien-bien-2025",), keys=(ISSUED.key,))
SENT = Sent("POST", "/channels/partner/smart", b'{"text":"a"}', None)
STAMP = str(int(NOW.timestamp()))


def mac(sent: Sent = SENT, secret: str = ISSUED.signing_secret, timestamp: str = STAMP) -> str:
    return signature(
        secret,
        timestamp=timestamp,
        method=sent.method,
        path=sent.path,
        body=sent.body,
        idempotency_key=sent.idempotency_key,
    )


def why(shown: ApiKey | Signed, partner: Partner | None = PARTNER, sent: Sent = SENT, id_: str = "smart") -> str:
    with pytest.raises(Problem) as caught:
        prove(shown, partner, id_, sent, NOW, BOX)
    assert caught.value.status == 401
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer")
    return caught.value.type.rsplit("/", 1)[-1]


def missing(headers: dict[str, str]) -> str:
    with pytest.raises(Problem) as caught:
        credentials({name.lower(): value for name, value in headers.items()}, NOW)
    assert caught.value.status == 401
    return caught.value.type.rsplit("/", 1)[-1]


def test_the_record_holds_neither_secret() -> None:
    record = PARTNER.model_dump_json()
    key_id, secret = split(ISSUED.api_key) or ("", "")
    assert (key_id, secret) == ("khoa0001", "s3cret_-part")
    assert secret not in record
    assert ISSUED.signing_secret not in record
    assert ISSUED.signing_secret.encode().hex() not in record
    assert secret not in repr(ISSUED)
    assert signing_secret(BOX, "smart", ISSUED.key) == ISSUED.signing_secret


def test_a_box_moved_to_another_partner_or_key_does_not_open() -> None:
    with pytest.raises(WrongPartnerKey):
        signing_secret(BOX, "other", ISSUED.key)
    with pytest.raises(WrongPartnerKey):
        signing_secret(BOX, "smart", ISSUED.key.model_copy(update={"id": "khoa0002"}))
    with pytest.raises(WrongPartnerKey):
        signing_secret(bytes(32), "smart", ISSUED.key)


def test_key_and_signature_prove_the_partner() -> None:
    assert prove(ApiKey("khoa0001", "s3cret_-part"), PARTNER, "smart", SENT, NOW, BOX) is PARTNER
    assert prove(Signed("khoa0001", STAMP, mac()), PARTNER, "smart", SENT, NOW, BOX) is PARTNER


def test_the_signature_is_the_documented_one() -> None:
    """The digits come from `openssl dgst -sha256 -hmac`: a partner's programmer must come to the same."""
    assert (
        signature(
            "yks_vi-du",
            timestamp="1749697200",
            method="POST",
            path="/channels/partner/smart",
            body=b"{}",
            idempotency_key=None,
        )
        == "v1=a6748480884eff49943edb5bf822802ca8b0dd2f8016fc110140472c3ff3f5c4"
    )


def test_what_does_not_exist_answers_like_what_does_not_match() -> None:
    assert why(ApiKey("khoa0001", "x")) == "wrong-key"
    assert why(ApiKey("khoa0009", "s3cret_-part")) == "wrong-key"
    assert why(ApiKey("khoa0001", "s3cret_-part"), None, id_="nobody") == "wrong-key"
    assert why(ApiKey("nobody00", ""), None) == "wrong-key"
    assert why(Signed("khoa0001", STAMP, "v1=00")) == "wrong-signature"
    assert why(Signed("khoa0009", STAMP, mac())) == "wrong-signature"
    assert why(Signed("khoa0001", STAMP, mac()), None, id_="nobody") == "wrong-signature"
    assert why(Signed("nobody00", STAMP, mac(secret="yks_")), None, id_="nobody") == "wrong-signature"


def test_an_ended_key_is_called_so_only_to_its_holder() -> None:
    late = PARTNER.model_copy(update={"keys": (ISSUED.key.model_copy(update={"expires_at": NOW}),)})
    gone = PARTNER.model_copy(update={"keys": (ISSUED.key.model_copy(update={"revoked": True}),)})
    soon = PARTNER.model_copy(
        update={"keys": (ISSUED.key.model_copy(update={"expires_at": NOW + timedelta(seconds=1)}),)}
    )
    key = ApiKey("khoa0001", "s3cret_-part")
    assert (why(key, late), why(key, gone)) == ("expired-key", "revoked-key")
    assert why(ApiKey("khoa0001", "x"), gone) == "wrong-key"
    assert prove(key, soon, "smart", SENT, NOW, BOX) is soon


@pytest.mark.parametrize(
    "changed",
    [
        Sent("PUT", SENT.path, SENT.body, None),
        Sent("POST", "/channels/partner/smart/batch", SENT.body, None),
        Sent("POST", SENT.path, SENT.body + b" ", None),
        Sent("POST", SENT.path, SENT.body, "another-key"),
    ],
)
def test_a_signature_covers_method_path_body_and_idempotency_key(changed: Sent) -> None:
    assert why(Signed("khoa0001", STAMP, mac()), sent=changed) == "wrong-signature"


def test_a_signature_covers_its_time() -> None:
    assert why(Signed("khoa0001", str(int(STAMP) + 1), mac())) == "wrong-signature"


@pytest.mark.parametrize(
    ("headers", "type_"),
    [
        ({}, "missing-credentials"),
        ({"Authorization": "Basic YTpi"}, "missing-credentials"),
        ({"Authorization": "Bearer abc"}, "wrong-key"),
        ({"X-Api-Key": "ykp_"}, "wrong-key"),
        ({"X-Api-Key": "ykp_a_b", "Authorization": "Bearer ykp_a_b"}, "several-credentials"),
        ({"X-Api-Key": "ykp_a_b", "X-Ykien-Key": "a"}, "several-credentials"),
        ({"X-Ykien-Key": "a", "X-Ykien-Timestamp": STAMP}, "missing-credentials"),
        ({"X-Ykien-Key": "a", "X-Ykien-Timestamp": "now", "X-Ykien-Signature": "v1=0"}, "wrong-timestamp"),
        ({"X-Ykien-Key": "a", "X-Ykien-Timestamp": "-1", "X-Ykien-Signature": "v1=0"}, "wrong-timestamp"),
        ({"X-Ykien-Key": "a", "X-Ykien-Timestamp": "1" * 500, "X-Ykien-Signature": "v1=0"}, "wrong-timestamp"),
        (
            {"X-Ykien-Key": "a", "X-Ykien-Timestamp": str(int(STAMP) - 301), "X-Ykien-Signature": "v1=0"},
            "timestamp-outside-window",
        ),
        (
            {"X-Ykien-Key": "a", "X-Ykien-Timestamp": str(int(STAMP) + 301), "X-Ykien-Signature": "v1=0"},
            "timestamp-outside-window",
        ),
    ],
)
def test_every_cause_has_its_own_type(headers: dict[str, str], type_: str) -> None:
    assert missing(headers) == type_
    assert type_ in TYPES


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_invented_signature_or_key_is_taken(key_id: str, invented: str) -> None:
    for partner in (PARTNER, None):
        if invented != "s3cret_-part":
            why(ApiKey(key_id, invented), partner)
        if invented != mac():
            why(Signed("khoa0001", STAMP, invented), partner)


@pytest.mark.fuzz
def test_fuzz_no_forged_or_altered_request_is_taken() -> None:
    """From a real signed request: any part cut, changed or taken from another one; only the very same request is the partner's."""
    real = Signed("khoa0001", STAMP, mac())

    def altered(text: str, chance: random.Random) -> str:
        at = chance.randrange(len(text) + 1)
        return chance.choice(
            (
                text[:at],
                text[at:],
                text[:at] + chance.choice("0123456789abcdef=v \n\x00é") + text[at + 1 :],
                text.upper(),
                "",
            )
        )

    def forged(chance: random.Random) -> tuple[Signed, Sent]:
        def maybe(text: str) -> str:
            return altered(text, chance) if chance.random() < 0.4 else text

        shown = Signed(maybe(real.key_id), maybe(real.timestamp), maybe(real.signature))
        key = chance.choice((None, None, "", "k", "1\n2"))
        path, method = chance.choice((SENT.path, SENT.path + "/batch", "")), chance.choice(("POST", "GET", "post"))
        return shown, Sent(method, path, maybe(SENT.body.decode()).encode(), key)

    def check(example: tuple[Signed, Sent]) -> None:
        shown, sent = example
        if example == (real, SENT):
            assert prove(shown, PARTNER, "smart", sent, NOW, BOX) is PARTNER
        else:
            assert why(shown, sent=sent) == "wrong-signature"

    assert for_seconds(forged, check) > 100
