"""`ykien`: registers the subcommands."""

import typer

from deploy.cli import classify, consultation, dlq, doctor, operator, rebuild, reconcile, report, submit, up, verify
from shared.logging import configure

app = typer.Typer(
    name="ykien",
    help="The hub of a public consultation: receives every opinion, counts it once, reports on time.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command(name="up")(up.up)
app.command(name="submit")(submit.submit)
app.command(name="classify")(classify.classify)
app.command(name="report")(report.report)
app.command(name="reconcile")(reconcile.reconcile)
app.command(name="rebuild")(rebuild.rebuild)
app.command(name="verify")(verify.verify)
app.command(name="doctor")(doctor.doctor)
app.add_typer(dlq.app, name="dlq")
app.add_typer(consultation.app, name="consultation")
app.add_typer(operator.app, name="operator")


def main() -> None:
    """Entry point of the `ykien` script."""
    configure("ykien", "ERROR")  # libraries' notes (a retry, a reconnect) must not mix with what stdout promises
    app()


if __name__ == "__main__":
    main()
