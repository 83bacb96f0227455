"""Free loopback ports, kept between runs so that a restarted child is found where it was."""

import json
import socket
from pathlib import Path


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether one can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def assign(names: list[str], memory: Path) -> dict[str, int]:
    """A port for each name: the remembered one where it is still free, another otherwise."""
    try:
        remembered = json.loads(memory.read_text())
    except (OSError, ValueError):
        remembered = {}
    ports: dict[str, int] = {}
    for name in names:
        port = remembered.get(name)
        while not isinstance(port, int) or port in ports.values() or not is_free(port):
            port = free_port()
        ports[name] = port
    memory.write_text(json.dumps(ports))
    return ports
