"""What counts as the same opinion and what must not."""

import pytest

from services.classify.near.verify import Words, same, similarity
from shared.text import fold
from tests.support.growth import growth

BASE = "Đề nghị bổ sung chỉ tiêu trồng rừng gỗ lớn tại các xã vùng cao và bố trí nguồn vốn riêng hằng năm"


def words(text: str) -> Words:
    return Words(fold(text))


@pytest.mark.parametrize(
    "other",
    [
        BASE.upper(),
        BASE.replace("và bố trí", ", dành"),
        "Kính gửi Ban soạn thảo. " + BASE,
        BASE.replace("nguồn", "ngồn"),
        "Bố trí nguồn vốn riêng hằng năm và đề nghị bổ sung chỉ tiêu trồng rừng gỗ lớn tại các xã vùng cao",
    ],
)
def test_another_wording_is_the_same(other: str) -> None:
    assert same(words(BASE), words(other))
    assert same(words(other), words(BASE))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("đồng ý", "không đồng ý"),
        (
            "Tôi đồng ý với phương án sáp nhập hai trường học",
            "Tôi không đồng ý với phương án sáp nhập hai trường học",
        ),
        (
            "Nâng tỷ lệ hộ dùng nước sạch nông thôn lên 70% vào năm cuối",
            "Nâng tỷ lệ hộ dùng nước sạch nông thôn lên 75% vào năm cuối",
        ),
        (
            "Viết lại đoạn nói về chợ phiên biên giới ở Mục II cho gọn",
            "Viết lại đoạn nói về chợ phiên biên giới ở Mục III cho gọn",
        ),
        (
            "Tôi ủng hộ việc thu phí rác theo khối lượng ở phường",
            "Tôi phản đối việc thu phí rác theo khối lượng ở phường",
        ),
        (BASE, BASE.replace("trồng rừng gỗ lớn", "nước sạch học đường")),
    ],
)
def test_opposites_numbers_and_other_subjects_are_not(one: str, other: str) -> None:
    assert not same(words(one), words(other))
    assert not same(words(other), words(one))


def test_short_texts_are_the_same_only_word_for_word() -> None:
    assert same(words("Nhất trí với dự thảo"), words("NHẤT TRÍ với dự thảo!"))
    assert not same(words("Nhất trí với dự thảo"), words("Nhất trí với bản dự thảo"))


def test_a_single_different_number_does_not_part_long_letters() -> None:
    long = " ".join(f"{BASE} lần{n}" for n in range(5))
    assert same(words(long + " 70"), words(long + " 75"))


def test_similarity_is_symmetric_and_within_its_range() -> None:
    one, other = words(BASE), words(BASE + " nhưng phải làm sớm")
    assert similarity(one, other) == similarity(other, one)
    assert 0 < similarity(one, other) < 1
    assert similarity(one, one) == 1
    assert similarity(words(""), words("")) == 0


def test_a_megabyte_is_compared_in_linear_time() -> None:
    def pair(count: int) -> tuple[Words, Words]:
        one, other = (range(first, first + count) for first in (0, 100))
        return words(" ".join(f"tu{n}" for n in one)), words(" ".join(f"tu{n}" for n in other))

    def compare(pair: tuple[Words, Words]) -> None:
        assert same(*pair)

    # Sets of so many words fit in no cache, which costs 2.5 by itself; a square would show twentyfold.
    assert growth(compare, pair, 7_500, 150_000, most=6) <= 6
