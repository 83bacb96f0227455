"""The demo's stand-in readers answer whatever the sample happens to hold, and now and then differently."""

import pytest

from deploy.demo.readers import generous, strict


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Nhất trí với chủ đề Đại hội.", (1, "agree")),
        ("Không nhất trí với chỉ tiêu 42 giường bệnh.", (4, "disagree")),
        ("Đề nghị bổ sung giáo viên cho bản xa.", (6, "supplement")),
        ("qwerty", (6, "none")),
        ("", (6, "none")),
    ],
)
def test_every_text_gets_one_group_and_one_stance(words: str, answer: tuple[int, str]) -> None:
    assert generous(words) == strict(words) == answer


def test_plain_requests_are_read_in_two_ways_so_that_a_third_reader_settles() -> None:
    assert (generous("Đề nghị làm đường."), strict("Đề nghị làm đường.")) == ((6, "supplement"), (6, "none"))
