"""Letters by mail: a mailbox that is read (IMAP), and a listener to which the office's mail server hands them (SMTP, LMTP)."""

from services.ingest.channels.channel import Channel
from services.ingest.channels.email.intake import BEGUN
from services.ingest.channels.email.start import check, start
from services.ingest.channels.email.to_submission import CHANNEL

channel = Channel(CHANNEL, collections=(BEGUN,), start=start, check=check)
