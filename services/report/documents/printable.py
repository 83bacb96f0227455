"""What a document format can hold of a citizen's text: everything but a few code points, which are replaced visibly."""

import re

# Illegal in XML 1.0, or able to turn the letters around them about (bidirectional overrides and isolates).
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
REPLACEMENT = "\ufffd"


def printable(text: str) -> str:
    """The text with line ends as `\\n` and each character that documents cannot hold shown as U+FFFD.

    Only a text that no document could show is changed, and never silently: the mark stands where the character was.
    `report.json` keeps the original.
    """
    return _UNPRINTABLE.sub(REPLACEMENT, text).replace("\r\n", "\n").replace("\r", "\n")
