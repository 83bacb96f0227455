"""Every Prometheus metric of the project, in one place: names are a contract with whoever watches.

Labels hold names of consumers, channels, outcomes and reason codes only: nothing a citizen wrote, no ids.
"""

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter("ykien_published", "Events the stream acknowledged (PubAck), duplicates included")
PUBLISH_SECONDS = Histogram(
    "ykien_publish_seconds",
    "Seconds from asking the publisher to the PubAck, waits and retries included",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
SETTLED = Counter("ykien_settled", "Deliveries settled, by consumer and outcome", ("consumer", "outcome"))
DEAD_LETTERED = Counter("ykien_dead_lettered", "Messages copied to the dead letters, by consumer", ("consumer",))
CONSUMER_MENDED = Counter(
    "ykien_consumer_mended", "Times a lost or altered durable consumer was made anew", ("consumer",)
)
CONSUMER_PENDING = Gauge("ykien_consumer_pending", "Messages waiting for a consumer, as last seen", ("consumer",))
ACCEPTED = Counter("ykien_accepted", "Submissions accepted after the PubAck, by channel", ("channel",))
REFUSED = Counter("ykien_refused", "Submissions refused with an answer to the sender, by reason code", ("reason",))
CLASSIFIED = Counter("ykien_classified", "Submissions classified, by outcome", ("outcome",))
UNKNOWN_CONSULTATION = Counter(
    "ykien_unknown_consultation", "Submissions put off because their consultation's definition has not arrived"
)
REVIEWS = Counter("ykien_reviews", "Decisions of readers taken over, by kind (repeated: it was known)", ("kind",))
MODELS_TRAINED = Counter("ykien_models_trained", "Models learned from corrections, by outcome", ("outcome",))
MODEL_REFUSED = Counter("ykien_model_refused", "Learned models that were not taken into use, by reason", ("reason",))
REPORTS_PUBLISHED = Counter("ykien_reports_published", "Reports published, by kind", ("kind",))
DELIVERIES = Counter(
    "ykien_deliveries", "Messages handed to a mail server or given up, by kind and outcome", ("kind", "outcome")
)
MAILS = Counter(
    "ykien_mails",
    "Mails met, by way (imap, smtp, lmtp) and outcome (accepted, repeated, put_off, refused, failed)",
    ("via", "outcome"),
)
MAILBOX_READ = Gauge(
    "ykien_mailbox_read_timestamp_seconds", "When a mailbox was last looked through to its end", ("mailbox",)
)
MAILBOX_WAITING = Gauge("ykien_mailbox_waiting", "Mails that waited in a mailbox, as last seen", ("mailbox",))
MAILBOX_LAG = Gauge(
    "ykien_mailbox_lag_seconds", "How long the mail accepted last had waited in its mailbox", ("mailbox",)
)
MAILBOX_REFUSED = Counter("ykien_mailbox_login_refused", "Logins that a mailbox's server refused", ("mailbox",))
HTTP_REQUESTS = Counter(
    "ykien_http_requests", "HTTP requests, by method, route template and status", ("method", "route", "status")
)
HTTP_SECONDS = Histogram(
    "ykien_http_seconds",
    "Seconds from the request to the end of the answer, by route template",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
ZALO_EVENTS = Counter("ykien_zalo_events", "Events at the Zalo webhook and in its inbox, by outcome", ("outcome",))
ZALO_MEDIA = Counter("ykien_zalo_media", "Attempts to fetch a file that a Zalo message names, by outcome", ("outcome",))
SPOOLED = Gauge("ykien_spooled", "Webhook events that wait on disk for the bus, as last seen")
