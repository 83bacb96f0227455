"""`ykien operator`: the one account that sees dashboard and reports."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.common import BAD_INPUT, console, fail
from deploy.embedded.layout import Layout
from deploy.secrets import ensure_secrets, reset_password, rotate_token

app = typer.Typer(
    help="The operator's password and token; takes effect when the system starts again.", no_args_is_help=True
)
DataFolder = Annotated[Path, typer.Option("--data", envvar="YKIEN_DATA", help="Data folder of the embedded run.")]


@app.command("reset-password")
def reset(data: DataFolder = Path("data")) -> None:
    """Make a new password and print it once; only its hash is kept."""
    print(reset_password(_layout(data).secrets))
    console.print("Start the system again for it to take effect.", style="dim")


@app.command("rotate-token")
def rotate(data: DataFolder = Path("data")) -> None:
    """Make a new operator token in DATA/operator-token."""
    layout = _layout(data)
    rotate_token(layout.secrets, layout.operator_token)
    console.print("Start the system again for it to take effect.", style="dim")


@app.command("init-secrets")
def init(
    folder: Annotated[Path, typer.Argument(help="Folder for the secret files, e.g. deploy/compose/secrets.")],
) -> None:
    """Make every secret that is missing in FOLDER (for docker compose); prints the operator's password when it is new."""
    try:
        first = ensure_secrets(folder, folder / "operator-token")
    except OSError as error:
        fail(BAD_INPUT, f"{folder}: {error.strerror or error}")
    if first.operator_password:
        print(first.operator_password)


def _layout(data: Path) -> Layout:
    layout = Layout(data)
    if not layout.secrets.is_dir():
        fail(BAD_INPUT, f"{data} is not the data folder of an embedded run (no secrets in it)")
    return layout
