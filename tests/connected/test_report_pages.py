"""The login and the dashboard over HTTP, without a browser."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx import Response

from shared.bus import Bus
from shared.events import Reading, Stance
from shared.settings import ServiceSettings
from tests.support.report_app import API, BEARER, PASSWORD, Running, define, make_settings, publish, running
from tests.support.report_events import ID, classified, definition, opinion, received, with_uncounted, withdrawn

pytestmark = pytest.mark.connected
LOGIN = "/bao-cao/dang-nhap"


async def form_of(service: Running, page: str = LOGIN) -> str:
    found = re.search(r'name="_form" value="([^"]+)"', (await service.http.get(page)).text)
    assert found
    return found[1]


async def log_in(
    service: Running, password: str = PASSWORD, back: str = "/bao-cao", name: str = "vanphong"
) -> Response:
    data = {"_form": await form_of(service), "ten_dang_nhap": name, "mat_khau": password, "tiep": back}
    return await service.http.post(LOGIN, data=data)


async def test_pages_and_files_need_a_login_and_lead_back(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        for path in ("/bao-cao", f"/bao-cao/{ID}", f"/bao-cao/{ID}/dien-bien.svg", f"/bao-cao/{ID}/tai-lieu/x/y"):
            answer = await service.http.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{LOGIN}?tiep={path}")
        assert (await service.http.post(f"/bao-cao/{ID}/lap-bao-cao", data={})).headers["location"].startswith(LOGIN)
        answer = await log_in(service, back=f"/bao-cao/{ID}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/bao-cao/{ID}")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert (await service.http.get(f"/bao-cao/{ID}")).status_code == 200
        assert (await service.http.get("/bao-cao/khong-co")).status_code == 404
        token = await form_of(service, f"/bao-cao/{ID}")
        assert (await service.http.post("/bao-cao/dang-xuat", data={"_form": "sai"})).status_code == 403
        assert (await service.http.post("/bao-cao/dang-xuat", data={"_form": token})).status_code == 303
        assert (await service.http.get("/bao-cao")).status_code == 303


async def test_wrong_passwords_are_refused_and_slowed_down(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    moment = [datetime(2025, 6, 12, tzinfo=UTC)]
    async with running(make_settings(tmp_path, bus_settings.nats_url), lambda: moment[0]) as service:
        assert (await log_in(service, name="ai-do")).status_code == 401
        for _ in range(4):
            assert (await log_in(service, "sai")).status_code == 401
        refused = await log_in(service)
        assert refused.status_code == 429
        assert "Xin chờ 10 phút" in refused.text
        moment[0] += timedelta(minutes=11)
        assert (await log_in(service)).status_code == 303


async def test_guesses_sent_all_at_once_are_slowed_down_too(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        data = {"ten_dang_nhap": "vanphong", "mat_khau": "sai", "_form": await form_of(service, LOGIN)}
        answers = await asyncio.gather(*(service.http.post(LOGIN, data=data) for _ in range(12)))
        assert sorted(a.status_code for a in answers) == [401] * 5 + [429] * 7


async def test_a_login_without_the_forms_token_and_a_foreign_return_are_refused(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        data = {"ten_dang_nhap": "vanphong", "mat_khau": PASSWORD}
        assert (await service.http.post(LOGIN, data=data)).status_code == 403
        assert (await log_in(service, back="https://example.org/")).headers["location"] == "/bao-cao"
        assert (await service.http.post(f"{API}/reports", json={})).status_code == 403


async def test_the_dashboard_shows_the_counts_and_the_reports(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus, with_uncounted(definition(), "khac"))
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, *(received(n) for n in range(1, 1235)), received(2000, channel="khac"))
        await publish(bus, *(classified(n, opinion(n, topic=4, stance=Stance.AMEND)) for n in range(1, 1234)))
        await publish(bus, classified(2000, channel="khac"))
        await service.folded(1235, 1)
        await log_in(service)
        made = await service.http.post(f"{API}/reports", headers=BEARER, json={"publish": True})
        text = re.sub(r"\s+", " ", (await service.http.get(f"/bao-cao/{ID}")).text)
        assert '<td class="number received">1.235</td>' in text
        assert "Cân đối" in text
        assert "Luồng sự kiện ghi nhận 1.235 tin tiếp nhận, khớp với số lượt đã tiếp nhận." in text
        assert "Tổng số 1.233 ý kiến" in text  # the other body's channel is listed, not added
        assert re.search(r"Kênh do cơ quan khác tổng hợp \(không cộng vào tổng số\)</th>\s*<td[^>]*>1</td>", text)
        refresh = '<meta http-equiv="refresh" content="30">'
        assert refresh not in text  # only for who asks: it disturbs screen readers
        assert refresh in (await service.http.get(f"/bao-cao/{ID}?theo-doi=1")).text
        assert "<script" not in text
        for file in made.json()["files"]:
            path = f"/bao-cao/{ID}/tai-lieu/{made.json()['report_id']}/{file['name']}"
            assert path in text
            download = await service.http.get(path)
            assert (download.status_code, len(download.content)) == (200, file["size"])
            assert download.headers["content-type"] == file["media_type"]
        chart = await service.http.get(f"/bao-cao/{ID}/dien-bien.svg")
        assert chart.headers["content-type"].startswith("image/svg+xml")
        assert chart.text.startswith("<svg")
        token = await form_of(service, f"/bao-cao/{ID}")
        answer = await service.http.post(f"/bao-cao/{ID}/lap-bao-cao", data={"_form": token})
        assert answer.status_code == 303
        assert "Lưu nội bộ" in (await service.http.get(f"/bao-cao/{ID}")).text
        assert (await service.http.get("/bao-cao")).text.count('<li class="card">') == 1


async def test_probes_answer(bus: Bus, bus_settings: ServiceSettings, tmp_path: Path) -> None:
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        assert (await service.http.get("/healthz")).json() == {"status": "ok", "service": "report"}
        assert (await service.http.get("/readyz")).status_code == 200
        assert "ykien_" in (await service.http.get("/metrics")).text
        assert (await service.http.get("/static/report/report.css")).status_code == 200


async def test_the_dashboard_says_how_many_submissions_have_files_that_wait_to_be_read(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    await define(bus)
    scan = (Reading.TRANSCRIBE,)
    async with running(make_settings(tmp_path, bus_settings.nats_url)) as service:
        await publish(bus, *(received(n) for n in range(1, 5)), classified(1))
        await service.folded(4, 3)
        await log_in(service)
        assert "tệp kèm theo chưa đọc được" not in (await service.http.get(f"/bao-cao/{ID}")).text
        await publish(bus, withdrawn(4), *(classified(n, unread_files=scan) for n in range(2, 5)))
        await service.folded(4, 0)
        for _ in range(600):
            page = (await service.http.get(f"/bao-cao/{ID}")).text
            if "tệp kèm theo chưa đọc được" in page:
                break
            await asyncio.sleep(0.1)
    assert "Có <b>2</b> lượt góp ý có tệp kèm theo chưa đọc được" in page
