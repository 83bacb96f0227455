"""The reviewers' pages and API through the gateway of a whole embedded system."""

import httpx

from tests.e2e.conftest import System

CONSULTATION = "lai-chau-2025"


def test_an_office_adds_a_reviewer_who_logs_in_through_the_gateway(system: System) -> None:
    system.submit(CONSULTATION, {"text": "Nội dung này không thuộc vấn đề nào cả, chỉ để thử."})
    added = system.cli.run("reviewer", "add", "tham-dinh-cong", "--data", str(system.data))
    assert added.code == 0, added.err
    password = dict(line.split(": ", 1) for line in added.out.splitlines())["password"]
    summary = f"/api/v1/consultations/{CONSULTATION}/reviews/summary"
    with system.client() as http, system.client(operator=True) as operator:
        assert http.get(f"/api/v1/consultations/{CONSULTATION}/reviews/next").status_code == httpx.codes.UNAUTHORIZED
        assert operator.get(summary).json()["consultation"] == CONSULTATION
        sent_away = http.get(f"/tham-dinh/{CONSULTATION}")
        assert sent_away.headers["location"].startswith("/tham-dinh/dang-nhap")
        page = http.get(sent_away.headers["location"])
        assert http.get("/static/classify/review.css").status_code == httpx.codes.OK
        token = page.text.split('name="_form" value="')[1].split('"')[0]
        form = {"_form": token, "ten_dang_nhap": "tham-dinh-cong", "mat_khau": password, "tiep": "/tham-dinh"}
        answer = http.post("/tham-dinh/dang-nhap", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/tham-dinh")
        assert CONSULTATION in http.get("/tham-dinh").text
        assert "total" in http.get(summary).json()
