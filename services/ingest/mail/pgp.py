"""PGP inside plain text (RFC 9580 §6-7): a clear signature taken off, encryption told."""

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_MESSAGE = "-----BEGIN PGP MESSAGE-----"


def bare(text: str) -> tuple[str, bool]:
    """(the text without the armour of a clear signature, whether an encrypted block stands in it)."""
    if "-----BEGIN PGP" not in text:
        return text, False
    lines = text.replace("\r\n", "\n").split("\n")
    stripped = [line.rstrip() for line in lines]
    encrypted = _MESSAGE in stripped
    if _SIGNED not in stripped:
        return text, encrypted
    out: list[str] = []
    armour = header = False
    for line, bare_line in zip(lines, stripped, strict=True):
        if bare_line == _SIGNED:
            header = True
        elif header:
            header = bool(bare_line)
        elif bare_line == _SIGNATURE:
            armour = True
        elif armour:
            armour = bare_line != _END
        else:
            out.append(line.removeprefix("- "))  # dash-escaped
    return "\n".join(out), encrypted
