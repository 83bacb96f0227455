"""channels/vneid.yaml: wrong settings are told with line, field and reason."""

from pathlib import Path

import pytest

from services.ingest.channels.vneid.settings import VneidSettings
from shared.yaml_model import DefinitionError, load_model

GOOD = """issuers:
  - id: bca
    issuer: https://phat-hanh.example.vn
    audience: ykien
    jwks_url: https://phat-hanh.example.vn/jwks.json
    claims: {text: noiDung, stance: mucDo}
    ignored: [phienBan]
    stances: {"Đồng tình": agree}
    aggregates: {channel: vneid-tong-hop}
"""


def load(folder: Path, text: str) -> VneidSettings:
    path = folder / "vneid.yaml"
    path.write_text(text)
    return load_model(path, VneidSettings)


def test_a_good_file(tmp_path: Path) -> None:
    issuer = load(tmp_path, GOOD).issuers[0]
    assert (issuer.theirs("text"), issuer.theirs("draft_id"), issuer.channel) == ("noiDung", "draft_id", "vneid")
    assert issuer.stance_words() == {"dong tinh": "agree"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("https://phat-hanh.example.vn/jwks.json", "http://phat-hanh.example.vn/jwks.json", "5: issuers.0.jwks_url"),
        ("https://phat-hanh.example.vn/jwks.json", "file:///etc/passwd", "5: issuers.0.jwks_url"),
        ("    jwks_url: https://phat-hanh.example.vn/jwks.json\n", "", "exactly one of jwks_url"),
        ("audience: ykien", "audience: ykien\n    algorithms: [HS256]", "algorithms"),
        ("audience: ykien", "audience: ykien\n    algorithms: []", "algorithms"),
        ("audience: ykien", "audience: ykien\n    max_age_s: 301", "max_age_s"),
        ("audience: ykien", "audience: ykien\n    clock_skw_s: 3", "clock_skw_s"),
        ("text: noiDung", "noi_dung: noiDung", "claims"),
        ("mucDo", "noiDung", "used twice: noiDung"),
        ("agree", "yes", "stances"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(DefinitionError, match=told):
        load(tmp_path, GOOD.replace(old, new))


def test_two_issuers_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD.removeprefix("issuers:\n").replace("id: bca", "id: khac")
    with pytest.raises(DefinitionError, match="same issuer"):
        load(tmp_path, twice)
