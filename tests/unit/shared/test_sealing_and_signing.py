"""Sealed identities and signed receipts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import sealing, signing

PAYLOAD = {"b": 1, "a": "Góp ý", "c": [True, None]}


@settings(max_examples=20)
@given(st.binary(max_size=200))
def test_only_the_private_half_opens_what_the_public_half_sealed(data: bytes) -> None:
    private, public = sealing.generate()
    sealed = sealing.seal(public, data)
    assert sealing.open_sealed(private, sealed) == data
    assert sealing.seal(public, data) != sealed
    other, _ = sealing.generate()
    with pytest.raises(sealing.SealingError):
        sealing.open_sealed(other, sealed)


@pytest.mark.parametrize("sealed", ["", "???", "AAAA", "ý"])
def test_a_broken_box_is_a_sealing_error(sealed: str) -> None:
    private, _ = sealing.generate()
    with pytest.raises(sealing.SealingError):
        sealing.open_sealed(private, sealed)


@pytest.mark.parametrize("key", ["", "zz", "ab", "00" * 31])
def test_a_malformed_key_is_named_as_such(key: str) -> None:
    with pytest.raises(sealing.SealingError, match="public key"):
        sealing.seal(key, b"x")
    with pytest.raises(sealing.SealingError, match="private key"):
        sealing.open_sealed(key, "AAAA")
    with pytest.raises(signing.SigningError):
        signing.sign(key, PAYLOAD)
    assert not signing.verify(key, PAYLOAD, "AAAA")


def test_a_signature_holds_for_exactly_one_payload_in_any_key_order() -> None:
    seed, public = signing.generate()
    signature = signing.sign(seed, PAYLOAD)
    assert signing.public_key(seed) == public
    assert signing.verify(public, dict(reversed(PAYLOAD.items())), signature)
    assert not signing.verify(public, PAYLOAD | {"b": 2}, signature)
    assert not signing.verify(public, PAYLOAD, "không phải chữ ký")
    assert not signing.verify(signing.generate()[1], PAYLOAD, signature)


def test_canonical_json_is_sorted_and_has_no_spaces() -> None:
    assert signing.canonical_json(PAYLOAD) == '{"a":"Góp ý","b":1,"c":[true,null]}'.encode()
    with pytest.raises(ValueError):
        signing.canonical_json({"x": float("nan")})
