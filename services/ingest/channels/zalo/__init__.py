"""Zalo: people chat with the province's Official Account; the webhook keeps every event, a conversation becomes one submission."""

from services.ingest.channels.channel import Channel
from services.ingest.channels.zalo.desk import CONVERSATIONS
from services.ingest.channels.zalo.settings import load
from services.ingest.channels.zalo.start import start
from services.ingest.channels.zalo.webhook import webhook

channel = Channel("zalo", (webhook,), (CONVERSATIONS,), start, load)
