"""Bare stances, other bodies' counts and withdrawals from the bus to the documents and the dashboard."""

import re
from pathlib import Path

import pytest

from services.report.counts.load import every
from services.report.projection import OPINIONS
from shared.bus import Bus
from shared.events import Stance
from shared.settings import ServiceSettings
from tests.support.report_app import API, BEARER, PASSWORD, Running, define, make_settings, publish, running
from tests.support.report_events import ID, aggregate, bare, classified, opinion, received, withdrawn

pytestmark = pytest.mark.connected
WORDS = "Xin đừng làm thủy điện ở suối bản tôi"
LOGIN = "/bao-cao/dang-nhap"


async def files(service: Running, as_of: str | None = None) -> dict[str, bytes]:
    answer = await service.http.post(f"{API}/reports", json={"as_of": as_of} if as_of else {}, headers=BEARER)
    assert answer.status_code == 201, answer.text
    found = {}
    for file in answer.json()["files"]:
        found[file["name"]] = (await service.http.get(file["url"], headers=BEARER)).content
    return found | {"as_of": answer.json()["as_of"].encode()}


async def dashboard(service: Running) -> str:
    token = re.search(r'name="_form" value="([^"]+)"', (await service.http.get(LOGIN)).text)
    assert token
    data = {"_form": token[1], "ten_dang_nhap": "vanphong", "mat_khau": PASSWORD, "tiep": "/bao-cao"}
    await service.http.post(LOGIN, data=data)
    return (await service.http.get(f"/bao-cao/{ID}")).text


async def test_they_stand_in_the_documents_and_on_the_dashboard(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, received(1, channel="vneid", text=""), bare(1, Stance.DISAGREE, section_ref="II"))
        await publish(bus, received(2, text=WORDS), classified(2, opinion(2, text=WORDS)))
        await publish(bus, aggregate("a", agree=2_131_376), aggregate("a", 2, agree=2_131_377))
        await service.folded(2)
        first = await files(service)
        page = first["report.html"].decode()
        assert "Lượt bày tỏ mức độ tán thành (không kèm nội dung góp ý)" in page
        assert "Số liệu do cơ quan khác tổng hợp (không cộng vào tổng số của báo cáo): Bộ Công an" in page
        assert "2.131.377" in page
        assert "2.131.376" not in page
        assert WORDS in page
        again = await files(service, first["as_of"].decode())
        assert again["report.json"] == first["report.json"]

        await publish(bus, withdrawn(2))
        later = await files(service)
        assert WORDS.encode() not in later["report.html"] + later["report.json"]
        assert "[Ý kiến đã được rút theo yêu cầu]" in later["report.json"].decode()
        assert (await service.line())["counted"] == 2

        shown = await dashboard(service)
        assert "Lượt bày tỏ mức độ tán thành (không kèm nội dung góp ý)" in shown
        assert "Số liệu do cơ quan khác tổng hợp (không cộng vào tổng số)" in shown
        assert "2.131.377" in shown
        kept = [item.doc async for item in every(service.app.state.report.store, OPINIONS, "by_time", (ID,))]
        assert [doc["text"] for doc in kept] == [""]
