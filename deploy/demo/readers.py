"""Three stand-in readers at the review desk: they confirm or correct some opinions, read the blind sample, and settle it.

Nobody judged the shipped input, so they read by a few words. The method page gets real readings to count; what they agree on says nothing.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from rich.console import Console

from deploy.cli.common import http_client, problem_text
from deploy.demo.feed import Command
from shared.errors import Permanent

DESKS = ("tham-dinh-1", "tham-dinh-2", "tham-dinh-3")
DOUBTFUL = ("conflict", "outside", "low_confidence")
_EACH = 2  # doubtful opinions for every reason
_TRIES, _PAUSE_S = 4, 0.5  # a new account is known within seconds; five wrong logins would close the door
_GROUPS: tuple[tuple[int, str], ...] = (
    (7, "bố cục|văn phong|câu chữ|trình bày|lỗi|thuật ngữ"),
    (1, "chủ đề|phương châm|tiêu đề"),
    (3, "hạn chế|tồn tại|nguyên nhân|bài học"),
    (4, "chỉ tiêu|mục tiêu|bối cảnh|dự báo"),
    (5, "đột phá|trọng tâm|phương hướng"),
    (2, "kết quả|thành tựu|đạt được|đánh giá"),
)
_STANCES: tuple[tuple[str, str], ...] = (
    ("question", "xin hỏi|[?]"),
    ("disagree", "không đồng ý|không tán thành|không nhất trí"),
    ("amend", "sửa|thay|điều chỉnh|viết lại"),
    ("delete", "lược bỏ|đề nghị bỏ"),
    ("supplement", "bổ sung|đề nghị|cần|thêm"),
    ("agree", "nhất trí|đồng ý|tán thành|hoan nghênh"),
)

Reading = Callable[[str], tuple[int, str]]


@dataclass
class Readers:
    """`ykien` runs the command line."""

    url: str
    consultation: str
    console: Console
    ykien: Command
    passwords: dict[str, str] = field(default_factory=dict)

    async def invite(self) -> None:
        """Adds the accounts, as the office does. Raises Permanent."""
        for desk in DESKS:
            code, out = await self.ykien("reviewer", "add", desk)
            found = re.search(r"^password: (\S+)$", out, re.MULTILINE)
            if code or found is None:
                raise Permanent(f"ykien reviewer add ended with {code}")
            self.passwords[desk] = found[1]

    async def read(self) -> None:
        """Reads. Raises Permanent when a good answer was refused."""
        clients = [http_client(self.url) for _ in DESKS]
        try:
            for client, desk in zip(clients, DESKS, strict=True):
                await self._login(client, desk)
            first, second, third = clients
            changed = [await self._lane(first, lane, generous, _EACH) for lane in DOUBTFUL]
            read = await self._lane(first, "sample", generous), await self._lane(second, "sample", strict)
            settled = await self._lane(third, "settle", generous)
        finally:
            await asyncio.gather(*(client.aclose() for client in clients))
        self.console.print(
            f"  readers: {sum(changed)} doubtful opinions decided, {min(read)} of the sample read blind by two, "
            f"{settled} of these settled by a third",
            highlight=False,
        )

    async def _login(self, client: httpx.AsyncClient, desk: str) -> None:
        for _ in range(_TRIES):
            page = (await client.get("/tham-dinh/dang-nhap")).raise_for_status().text
            token = re.search(r'name="_form" value="([^"]+)"', page)
            form = {"_form": token[1] if token else "", "ten_dang_nhap": desk, "mat_khau": self.passwords[desk]}
            if (await client.post("/tham-dinh/dang-nhap", data=form)).status_code == httpx.codes.SEE_OTHER:
                return
            await asyncio.sleep(_PAUSE_S)
        raise Permanent(f"the desk {desk} cannot log in")

    async def _lane(self, client: httpx.AsyncClient, lane: str, reading: Reading, limit: int = 1000) -> int:
        """Answers what waits for that reason; how many. Every item is given out once: an answered one waits no longer."""
        base, done = f"/api/v1/consultations/{self.consultation}/reviews", 0
        while done < limit:
            found = (await client.get(f"{base}/next", params={"kind": lane})).raise_for_status()
            item = found.json()["item"]
            if item is None:
                break
            token = {"X-CSRF-Token": found.headers["X-CSRF-Token"]}
            answer = await client.post(base, json=_answer(item, reading), headers=token)
            if answer.status_code != httpx.codes.CREATED:
                raise Permanent(f"a review was refused ({answer.status_code}): {problem_text(answer)}")
            done += 1
        return done


def generous(words: str) -> tuple[int, str]:
    """Group and stance: the first of each list whose words occur; 6, the tasks in all fields, for the rest."""
    group = next((code for code, cue in _GROUPS if re.search(cue, words, re.IGNORECASE)), 6)
    return group, next((stance for stance, cue in _STANCES if re.search(cue, words, re.IGNORECASE)), "none")


def strict(words: str) -> tuple[int, str]:
    """The same, but a request that names no addition is none: readers differ about these."""
    group, stance = generous(words)
    asks = stance == "supplement" and not re.search("bổ sung|thêm", words, re.IGNORECASE)
    return group, "none" if asks else stance


def _answer(item: dict[str, Any], read: Reading) -> dict[str, Any]:
    words = "".join(piece["text"] for piece in item["text"] if piece["part"] == "focus")
    group, stance = read(words)
    given = item["given"]  # the respondent's own choice stays
    return {
        "opinion_id": item["opinion_id"],
        "revision": item["revision"],
        "topics": [group],
        "stance": given or stance,
    }
