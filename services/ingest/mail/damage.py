"""Why part of a mail could not be read; one code, the gravest. The original is kept whatever it says."""

ENCRYPTED = "encrypted"  # S/MIME or PGP: only its receiver's key opens it
TOO_COMPLEX = "too_complex"  # more than 1,000 parts, or 20 levels of them
MALFORMED = "malformed"  # cut off, without its boundaries, or broken in its encoding
NO_TEXT_PART = "no_text_part"  # neither text nor file in it


def code(*, encrypted: bool, too_complex: bool, sound: bool, nothing: bool) -> str | None:
    """None: everything was read."""
    if encrypted:
        return ENCRYPTED
    if too_complex:
        return TOO_COMPLEX
    if not sound:
        return MALFORMED
    return NO_TEXT_PART if nothing else None
