"""The examples that an office copies are valid, and so is what the demo writes for itself."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from deploy.demo.channels import Surroundings
from services.ingest.channels.email.settings import EmailSettings
from services.ingest.channels.vneid.settings import VneidSettings
from services.ingest.channels.zalo.settings import ZaloSettings
from services.notify.zalo.settings import ZaloReplies
from shared.yaml_model import load_model

EXAMPLES = Path(__file__).parents[3] / "deploy" / "channels"
MODELS: dict[str, type[BaseModel]] = {
    "email": EmailSettings,
    "zalo": ZaloSettings,
    "zalo-replies": ZaloReplies,
    "vneid": VneidSettings,
}


@pytest.mark.parametrize("name", MODELS)
def test_the_example_is_taken_as_it_stands(name: str) -> None:
    assert load_model(EXAMPLES / f"{name}.example.yaml", MODELS[name])


def test_every_example_has_a_model() -> None:
    assert {path.name for path in EXAMPLES.glob("*")} == {f"{name}.example.yaml" for name in MODELS}


@pytest.mark.parametrize("name", MODELS)
def test_what_the_demo_writes_is_taken(name: str, tmp_path: Path) -> None:
    around = Surroundings(tmp_path, "dien-bien-2025", imap_port=143, imap_user="gopy", imap_password="x")
    around.prepare()
    around.oa.stop()
    assert load_model(tmp_path / f"{name}.yaml", MODELS[name])
