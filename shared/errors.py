"""The two kinds of failure a handler can have; settlement decides by them alone."""


class YkienError(Exception):
    """Base of every error this project raises on purpose."""


class Transient(YkienError):
    """It may succeed later: the message is retried with growing delay."""


class Permanent(YkienError):
    """It can never succeed as it is: the message goes to the dead letters, visible and replayable."""
