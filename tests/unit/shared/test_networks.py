"""Under which networks an address is counted."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.networks import Networks, networks_of


@pytest.mark.parametrize(
    ("address", "near", "wide"),
    [
        ("192.0.2.77", "192.0.2.77", "192.0.2/24"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002/64", "20010db80001/48"),
        ("::ffff:192.0.2.77", "192.0.2.77", "192.0.2/24"),
        ("fe80::1%eth0", "fe80000000000000/64", "fe8000000000/48"),
    ],
)
def test_networks_of_an_address(address: str, near: str, wide: str) -> None:
    assert networks_of(address) == Networks(near, wide)


@given(st.text(max_size=40))
def test_what_is_no_address_is_not_counted_and_harms_nothing(text: str) -> None:
    found = networks_of(text)
    assert found is None or "/" in found.wide


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_subscriber_cannot_change_networks_within_the_own_64(one: int, two: int) -> None:
    base = 0x20010DB8 << 96
    assert networks_of(str(IPv6Address(base | one))) == networks_of(str(IPv6Address(base | two)))
