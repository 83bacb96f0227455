"""format=flowed (RFC 3676): soft-broken lines joined again."""

from services.ingest.mail.lines import Line, clean, unquoted


def unfold(text: str, room: int, *, delsp: bool) -> list[Line]:
    """Lines ending in a blank go on in the next one of the same depth; "-- " never does. `delsp`: that blank is no space.

    What is behind `room` lines is one line, kept as it stands.
    """
    split = clean(text).split("\n", room)
    out: list[Line] = []
    held: list[str] = []
    held_depth = 0
    for raw in split[:room]:
        line, depth = _read(raw)
        if held and depth != held_depth:  # badly made: a soft break before another depth
            out.append(_line("".join(held), held_depth))
            held = []
        signature = line.rstrip() == "--" and len(line) <= 3
        if signature and held:
            out.append(_line("".join(held), held_depth))
            held = []
        if line.endswith(" ") and not signature and line.strip():
            held.append(line[:-1] if delsp else line)
            held_depth = depth
            continue
        out.append(_line("".join([*held, line]), depth))
        held = []
    if held:
        out.append(_line("".join(held), held_depth))
    return [*out, *map(Line, split[room:])]


def _read(raw: str) -> tuple[str, int]:
    """Marks stand without blanks between them here; one blank behind them is stuffing (§4.4)."""
    depth = len(raw) - len(raw.lstrip(">"))
    rest = raw[depth:]
    if depth and rest.startswith(" >"):  # a writer who knows no RFC: "> > "
        return unquoted(raw)
    return rest.removeprefix(" "), depth


def _line(text: str, depth: int) -> Line:
    bare = text.rstrip()
    return Line(bare, depth, typed=">" * depth + " " + bare) if depth else Line(bare)
