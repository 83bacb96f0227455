"""Ports: remembered between runs, changed only when somebody else took one."""

import socket
from pathlib import Path

from deploy.embedded.ports import assign, free_port, is_free


def test_ports_are_kept_between_runs_and_differ(tmp_path: Path) -> None:
    first = assign(["nats", "ingest-1", "report-1"], tmp_path / "ports.json")
    assert len(set(first.values())) == 3
    assert assign(["nats", "ingest-1", "report-1"], tmp_path / "ports.json") == first


def test_a_port_that_somebody_took_is_replaced_and_a_damaged_memory_forgotten(tmp_path: Path) -> None:
    first = assign(["nats"], tmp_path / "ports.json")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["nats"]))
        taken.listen()
        assert not is_free(first["nats"])
        assert assign(["nats"], tmp_path / "ports.json") != first
    (tmp_path / "ports.json").write_text("{")
    assert is_free(assign(["nats"], tmp_path / "ports.json")["nats"])
    assert is_free(free_port())
