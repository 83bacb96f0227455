"""A complaint of one's own is flagged; talk about handling complaints is not."""

import pytest

from services.classify.steps.petition import petition_suspected
from services.classify.steps.view import view


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tôi làm đơn khiếu nại việc thu hồi đất của gia đình.", True),
        ("Nay tôi xin tố cáo hành vi sai phạm ở bản.", True),
        ("toi xin to cao hanh vi sai pham", True),
        ("Cần nâng cao chất lượng giải quyết khiếu nại, tố cáo.", False),
        ("Tôi đề nghị đẩy mạnh công tác giải quyết khiếu nại, tố cáo.", False),
        ("Bổ sung chỉ tiêu tiếp công dân.", False),
    ],
)
def test_petitions_are_suspected(text: str, expected: bool) -> None:
    assert petition_suspected(view(text), 0, len(text)) is expected
