"""Where the project's own files are, whatever folder a command is called from."""

from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parent  # deploy/
ROOT = CONFIGURATION.parent
SHIPPED = ROOT / "consultations"  # the shipped definitions
