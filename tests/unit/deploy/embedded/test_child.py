"""One supervised process: what the operator is told when it cannot use its settings."""

import os
import sys
from pathlib import Path

import pytest

from deploy.embedded.child import Child, Command
from shared.errors import Permanent

SCRIPT = """
import sys
print('{"event": "a log entry"}')
sys.stdout.flush()
sys.stderr.write("ingest: channels/zalo.yaml:6: secrets_file: Extra inputs are not permitted\\n")
sys.exit(2)
"""


async def test_wrong_settings_are_told_with_the_reason_itself(tmp_path: Path) -> None:
    async def ready() -> bool:
        return False

    child = Child(
        Command("ingest-1", (sys.executable, "-c", SCRIPT), dict(os.environ), ready), tmp_path / "ingest-1.log"
    )
    child.start()
    try:
        with pytest.raises(Permanent) as told:
            await child.wait_ready(10)
    finally:
        await child.stop()
    assert str(told.value).splitlines() == [
        f"ingest-1 cannot use its settings; see {tmp_path / 'ingest-1.log'}",
        "  ingest: channels/zalo.yaml:6: secrets_file: Extra inputs are not permitted",
    ]
