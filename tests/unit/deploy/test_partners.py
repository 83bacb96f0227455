"""Rotation and revocation of a partner's keys."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.partners import FORGET, revoked, rotated, working
from shared.errors import Permanent
from shared.partner_keys import issue
from shared.partners import Partner, PartnerKey

NOW = datetime(2025, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def key(number: int, made: datetime = NOW) -> PartnerKey:
    return issue("p", f"khoa000{number}", (f"a{number}", f"b{number}"), made, bytes(32)).key


def partner(*keys: PartnerKey) -> Partner:
    return Partner(id="p", name="P", consultations=("c",), keys=keys)


def test_the_former_key_works_until_the_grace_ends_and_the_new_one_at_once() -> None:
    one = rotated(partner(key(1)), key(2), NOW, 2 * HOUR)
    old, new = one.keys
    assert [working(old, NOW + HOUR), working(old, NOW + 2 * HOUR)] == [True, False]
    assert working(new, NOW)
    assert new.expires_at is None


def test_a_second_rotation_never_lengthens_a_grace() -> None:
    one = rotated(partner(key(1)), key(2), NOW, HOUR)
    two = rotated(one, key(3), NOW, 10 * HOUR)
    assert [k.expires_at for k in two.keys] == [NOW + HOUR, NOW + 10 * HOUR, None]


def test_a_grace_of_nothing_ends_the_former_key_now() -> None:
    old, _ = rotated(partner(key(1)), key(2), NOW, timedelta()).keys
    assert not working(old, NOW)


def test_a_key_that_ended_long_ago_is_forgotten() -> None:
    ended = key(1).model_copy(update={"expires_at": NOW - FORGET})
    just = key(2).model_copy(update={"expires_at": NOW - HOUR})
    assert [k.id for k in rotated(partner(ended, just), key(3), NOW, HOUR).keys] == ["khoa0002", "khoa0003"]


def test_one_key_or_all_are_revoked_and_stay_revoked() -> None:
    one = revoked(partner(key(1), key(2)), "khoa0001", NOW)
    assert [working(k, NOW) for k in one.keys] == [False, True]
    none = revoked(one, None, NOW)
    assert not any(working(k, NOW) for k in none.keys)
    after = rotated(none, key(3), NOW, HOUR)
    assert [working(k, NOW) for k in after.keys] == [False, False, True]
    with pytest.raises(Permanent):
        revoked(one, "khoa0009", NOW)
