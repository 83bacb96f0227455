"""Makes the bus what `topology.py` says: safe to repeat; it creates and updates, it never deletes."""

from typing import Any

import structlog
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    KeyValueConfig,
    ObjectStoreConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BucketNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from shared import topology

log = structlog.get_logger()


async def provision(js: JetStreamContext, *, ack_wait_s: float = 30.0, replicas: int = 1) -> None:
    """All streams, buckets and consumers. `replicas` is 3 in a cluster. Raises nats errors when the bus is away."""
    for stream in topology.STREAMS:
        await provision_stream(js, stream, replicas)
    await _buckets(js, replicas)
    for consumer in topology.ALL_CONSUMERS:
        await provision_consumer(js, consumer, ack_wait_s=ack_wait_s)


async def provision_stream(js: JetStreamContext, stream: topology.Stream, replicas: int) -> None:
    """Creates the stream, or updates what differs; limits that an operator set stay as they are."""
    wanted: dict[str, Any] = {
        "subjects": list(stream.subjects),
        "duplicate_window": stream.duplicate_window_s,
        "allow_atomic": stream.allow_atomic or None,
        "allow_msg_schedules": stream.allow_schedules or None,
        "max_msgs_per_subject": 1 if stream.latest_per_subject else -1,
        "num_replicas": replicas,
        # The server refuses `new` together with schedules; without limits `old` discards nothing either.
        "discard": DiscardPolicy.OLD if stream.allow_schedules else DiscardPolicy.NEW,
        "allow_direct": True,
    }
    try:
        config = (await js.stream_info(stream.name)).config
    except NotFoundError:
        retention = RetentionPolicy.WORK_QUEUE if stream.work_queue else RetentionPolicy.LIMITS
        await js.add_stream(StreamConfig(name=stream.name, storage=StorageType.FILE, retention=retention, **wanted))
        log.info("stream created", stream=stream.name)
        return
    changed = {key for key, value in wanted.items() if (getattr(config, key) or None) != (value or None)}
    if changed:
        await js.update_stream(config.evolve(**wanted))
        log.info("stream updated", stream=stream.name, fields=sorted(changed))


async def provision_consumer(
    js: JetStreamContext, consumer: topology.Consumer, *, ack_wait_s: float = 30.0, start_seq: int | None = None
) -> bool:
    """Creates the durable, or updates what differs; True when it was created.

    `start_seq` is where a new one begins (the stream's start when None); an existing one keeps its place.
    """
    consumer = topology.with_ack_wait(consumer, ack_wait_s)
    wanted: dict[str, Any] = {
        "ack_wait": consumer.ack_wait_s,
        "max_ack_pending": consumer.max_ack_pending,
        "max_deliver": consumer.max_deliver,
        "filter_subjects": list(consumer.subjects) if len(consumer.subjects) > 1 else None,
        "filter_subject": consumer.subjects[0] if len(consumer.subjects) == 1 else None,
    }
    try:
        config = (await js.consumer_info(consumer.stream, consumer.name)).config
    except NotFoundError:
        start: dict[str, Any] = {"deliver_policy": DeliverPolicy.ALL}
        if start_seq is not None and start_seq > 1:
            start = {"deliver_policy": DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": start_seq}
        config = ConsumerConfig(
            name=consumer.name, durable_name=consumer.name, ack_policy=AckPolicy.EXPLICIT, **start, **wanted
        )
        await js.add_consumer(consumer.stream, config)
        log.info("consumer created", consumer=consumer.name, start_seq=start_seq)
        return True
    changed = {key for key, value in wanted.items() if (getattr(config, key) or None) != (value or None)}
    if changed:
        await js.add_consumer(consumer.stream, config.evolve(**wanted))
        log.info("consumer updated", consumer=consumer.name, fields=sorted(changed))
    return False


async def provision_bucket(js: JetStreamContext, bucket: topology.Bucket, replicas: int) -> KeyValue:
    """Creates the bucket unless it is there; one in memory goes with its server and is made anew by whoever misses it."""
    try:
        return await js.key_value(bucket.name)
    except BucketNotFoundError:
        storage = StorageType.MEMORY if bucket.memory else StorageType.FILE
        return await js.create_key_value(
            KeyValueConfig(
                bucket=bucket.name, history=bucket.history, ttl=bucket.ttl_s, storage=storage, replicas=replicas
            )
        )


async def _buckets(js: JetStreamContext, replicas: int) -> None:
    for bucket in topology.BUCKETS:
        await provision_bucket(js, bucket, replicas)
    try:
        await js.object_store(topology.BLOBS_BUCKET)
    except (BucketNotFoundError, NotFoundError):
        config = ObjectStoreConfig(storage=StorageType.FILE, replicas=replicas)
        await js.create_object_store(topology.BLOBS_BUCKET, config)
    for name in (*(f"KV_{bucket.name}" for bucket in topology.BUCKETS), f"OBJ_{topology.BLOBS_BUCKET}"):
        config_now = (await js.stream_info(name)).config
        if config_now.num_replicas != replicas:
            await js.update_stream(config_now.evolve(num_replicas=replicas))
