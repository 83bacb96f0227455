"""Who wrote: same person, same hash; and nothing readable leaves."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.respondent import Person, for_event, normalise_email, normalise_phone, person_hash

PEPPER = b"invented pepper"


@pytest.mark.parametrize(
    "text", ["0912345678", "0912 345 678", "+84 912.345.678", "84912345678", "(+84) 912-345-678", "0084912345678"]
)
def test_one_phone_has_one_spelling(text: str) -> None:
    assert normalise_phone(text) == "0912345678"


@pytest.mark.parametrize("text", ["", "12", "không có", "0912345678901", "09123x5678", "٠٩١٢٣٤٥٦٧٨"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Số điện thoại"):
        normalise_phone(text)


@pytest.mark.parametrize("text", ["a", "a@b", "a@@b.vn", "a b@c.vn", "@c.vn", "a@c..vn"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="thư điện tử"):
        normalise_email(text)


def test_an_address_is_compared_in_lower_case() -> None:
    assert normalise_email("Ten.Goi@Example.VN") == "ten.goi@example.vn"


def test_the_hash_goes_by_email_then_phone_and_by_nothing_else() -> None:
    by_email = person_hash(PEPPER, Person(email="a@example.vn", phone="0912345678"))
    assert by_email == person_hash(PEPPER, Person(email="a@example.vn", name="Tên khác"))
    assert by_email != person_hash(PEPPER, Person(phone="0912345678"))
    assert by_email != person_hash(b"other pepper", Person(email="a@example.vn"))
    assert person_hash(PEPPER, Person(name="Chỉ có tên", address="Ở đây")) is None


def test_who_says_nothing_gets_no_seal() -> None:
    event = for_event(Person(group="nong-dan"), "CODE", (), pepper=PEPPER, seal=lambda _: pytest.fail("sealed nothing"))
    assert (event.sealed_identity, event.person_hash, event.group) == (None, None, "nong-dan")


words = st.text("abcdeghiklmnôơưđ ", min_size=8)


@given(name=words, address=words)
def test_what_the_event_carries_names_nobody(name: str, address: str) -> None:
    sealed: list[bytes] = []

    def seal(data: bytes) -> str:
        sealed.append(data)
        return base64.b64encode(b"\0" * 16).decode()

    person = Person(name=name, address=address, email="a@example.vn", phone="0912345678")
    event = for_event(person, "CODE", ("tệp.pdf",), pepper=PEPPER, seal=seal).model_dump_json()
    assert not [
        secret for secret in (name, address, "a@example.vn", "0912345678", "CODE", "tệp.pdf") if secret in event
    ]
    assert json.loads(sealed[0]) == {
        "name": name,
        "address": address,
        "email": "a@example.vn",
        "phone": "0912345678",
        "tracking_code": "CODE",
        "filenames": ["tệp.pdf"],
    }
