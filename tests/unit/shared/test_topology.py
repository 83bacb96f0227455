"""The bus as data holds together."""

from shared import topology
from shared.events import EVENT_TYPES


def test_every_consumer_reads_a_stream_that_exists_under_a_name_of_its_own() -> None:
    streams = {s.name for s in topology.STREAMS}
    names = [c.name for c in topology.ALL_CONSUMERS]
    assert len(set(names)) == len(names)
    assert all(c.stream in streams for c in topology.ALL_CONSUMERS)


def test_every_working_consumer_has_a_durable_for_replays_of_its_own() -> None:
    served = {s for c in topology.REPLAY_CONSUMERS for s in c.subjects}
    wanted = {f"replay.{c.name}" for c in topology.CONSUMERS if c is not topology.DEAD_LETTER_MOVER}
    assert served == wanted


def test_the_events_stream_batches_and_never_forgets() -> None:
    assert topology.EVENTS.allow_atomic
    assert not topology.EVENTS.work_queue
    assert not topology.EVENTS.latest_per_subject


def test_consumers_filter_by_types_that_exist() -> None:
    for consumer in topology.CONSUMERS:
        if consumer.stream == topology.EVENTS.name:
            assert all(s.removesuffix(".>") in EVENT_TYPES for s in consumer.subjects)


def test_settlement_gives_up_before_the_server_does() -> None:
    assert all(c.max_deliver > 6 for c in topology.ALL_CONSUMERS)


def test_a_shorter_patience_applies_to_quick_consumers_only() -> None:
    assert topology.with_ack_wait(topology.CLASSIFY, 2.0).ack_wait_s == 2.0
    assert topology.with_ack_wait(topology.REPORT_TRIGGER, 2.0).ack_wait_s == 120.0
