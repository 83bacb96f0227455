"""From an address to the networks it is counted under. Pure.

A household or an office is one IPv4 address, a mobile network hides thousands of phones behind one (CGNAT), a subscriber of IPv6
has a whole /64.
"""

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True)
class Networks:
    """`near`: the sender's own network (IPv4 address, IPv6 /64); `wide`: what it lies in (/24, /48)."""

    near: str
    wide: str


def networks_of(address: str) -> Networks | None:
    """None for what is no address (a Unix socket's peer): it cannot be told from others, so it is not counted."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return Networks(f"{ip.packed[:8].hex()}/64", f"{ip.packed[:6].hex()}/48")
        ip = ip.ipv4_mapped
    return Networks(str(ip), f"{str(ip).rpartition('.')[0]}/24")
