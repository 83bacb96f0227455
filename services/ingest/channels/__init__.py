"""The intake channels: each maps its input to a Submission and ends in the same `accept()`.

To add one: a folder here with a `Channel`, its name in `CHANNELS`, a test module.
"""

from services.ingest.channels import api, email, lookup, partner, receipts, vneid, web, zalo
from services.ingest.channels.channel import Channel

CHANNELS: tuple[Channel, ...] = (
    Channel("web", (web.index, web.consultation, web.submit, receipts.page, receipts.file, lookup.form, lookup.status)),
    Channel("api", (api.submit, api.status, api.consultations, api.consultation, api.receipt_key)),
    email.channel,
    partner.channel,
    vneid.channel,
    zalo.channel,
)
