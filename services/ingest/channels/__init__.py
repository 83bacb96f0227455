"""One file per channel: each maps its own input to a `SubmissionRequest`, then everything is the same (`accept.py`)."""
