"""`ykien`: registers the subcommands.

Only the module of the subcommand asked for is loaded: `ykien reconcile` shall not wait for the classifier's lexicons.
"""

import sys
from importlib import import_module

import typer

from shared.logging import configure

COMMANDS = (
    "up",
    "submit",
    "classify",
    "reclassify",
    "report",
    "reconcile",
    "rebuild",
    "verify",
    "original",
    "doctor",
    "benchmark-text",
)
GROUPS = ("dlq", "consultation", "operator", "partner", "reviewer")


def build_app(asked: str | None) -> typer.Typer:
    """The command line with that subcommand alone; with all of them for the help page and for a word nobody knows."""
    app = typer.Typer(
        name="ykien",
        help="The hub of a public consultation: receives every opinion, counts it once, reports on time.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_several)
    for name in (asked,) if asked in COMMANDS + GROUPS else COMMANDS + GROUPS:
        module = import_module(f"deploy.cli.{name.replace('-', '_')}")
        if name in GROUPS:
            app.add_typer(module.app, name=name)
        else:
            app.command(name=name)(getattr(module, name.replace("-", "_")))
    return app


def _several() -> None:
    """Keeps the subcommand's name part of the command line, though it may be registered alone."""


def main() -> None:
    """Entry point of the `ykien` script."""
    configure("ykien", "ERROR")  # libraries' notes (a retry, a reconnect) must not mix with what stdout promises
    build_app(sys.argv[1] if len(sys.argv) > 1 else None)()


if __name__ == "__main__":
    main()
