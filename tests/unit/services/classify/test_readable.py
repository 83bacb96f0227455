"""Spoilt text is recognised for what it is; whatever a person can read is readable, however it is written."""

import random

import pytest

from services.classify.decide import decide
from services.classify.model import build_model
from services.classify.readable import unreadable
from shared.events import Outcome
from tests.support.growth import LINEAR, growth
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import received

MODEL = build_model(small_consultation())
LETTER = (
    "Tôi cơ bản nhất trí với dự thảo báo cáo. Đề nghị tỉnh quan tâm bổ sung kinh phí làm đường vào các bản vùng cao, sửa chữa "
    "trường học đã xuống cấp và hỗ trợ bà con phát triển sản xuất."
)


def reason(text: str) -> str | None:
    return unreadable(received(text=text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "wrong_font"),
        ("§Ò nghÞ bæ sung ®­êng giao th«ng cho b¶n", "wrong_font"),
        ("T«i nhÊt trÝ víi dù th¶o b¸o c¸o", "wrong_font"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "wrong_font"),
        ("Ñeà nghò boå sung ñöôøng giao thoâng cho baûn", "wrong_font"),
        ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "wrong_font"),
        ("Ä‘á»\u0081 nghá»‹ bá»• sung Ä‘Æ°á»\u009dng giao thÃ´ng", "wrong_encoding"),
        ("TÃ´i nháº¥t trÃ\u00ad vá»›i dá»± tháº£o", "wrong_encoding"),
        ("Ð? ngh? b? sung du?ng giao thông cho b?n", "broken_characters"),
        ("?? ngh? t?nh b? sung ???ng vào b?n", "broken_characters"),
        ("�� ngh� t�nh b� sung đ��ng vào b�n", "broken_characters"),
        ("H|=_ tàn 5hất t7í, v~n kầện xpy ấr0 cô¬g ht , #ố ~x5 cạặ! hẽ, qogicy", "ocr_noise"),
        ("Đ€ ngh| t{nh b~ s#ng k1nh ph# l@m d*ng v=o b^n v|ng c~o", "ocr_noise"),
    ],
)
def test_spoilt_text_says_what_spoilt_it(text: str, expected: str) -> None:
    event = decide(received(text=text, person="p"), MODEL, b"k")
    assert (event.outcome, event.reason) == (Outcome.UNREADABLE, expected)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "Đồng ý",
        "k đc, ko có j mới, ns thật",
        "4 năm r mà k0 thấy j, 2 cái cầu vs 1 trạm xá đg hỏng",
        "Toi nhat tri voi du thao bao cao",
        "ĐỀ NGHỊ XÃ HỖ TRỢ, ĐÃ CHỜ LÂU",
        "Ai làm? Làm gì? Khi nào? Ở đâu?",
        "gì?sao?vì sao?bao giờ?",
        "dc k? lm j? ai? s k tl?",
        "«khá» và «há» là hai từ",
        "Bổ sung «Đổi mới» vào tiêu đề",
        "Peb hmoob nyob zoo, xav tau tsev kawm ntawv",
        "Pêz Hmôngz nhoz lul cxangz tsês",
        "bấu mí nặm kin dú hươn nị",
        "ꪼꪕ ꪹꪮꪙ ꪭꪱ ꪁꪫꪱꪣ",
        "Le projet doit être plus précis sur les écoles, naïve où sûr",
        "Die Straße über die Brücke muß größer für Fußgänger werden",
        "El niño pequeño no tiene escuela aquí",
        "The draft should be clearer",
        "请修建学校",
        "Xem https://example.vn/a?b=1&c=2#d và gửi a_b@example.vn",
        "Mục 1.2.a) - Điều 9, khoản 2: 15% (2025) => 20% (2030)",
        "Tỉnh A | Tỉnh B | Tỉnh C | tổng số | ghi chú",
        "Nhiệt độ 38°C, đường rộng 3,5 m × 2, bản quyền ©",
        "Hay quá!!! ♥♥♥ #dien_bien #gopy",
        "T.ôi đ.ồ.n.g ý",
        "H2O, CO2, 5G, QĐ18, K15",
    ],
)
def test_what_a_person_can_read_is_readable(text: str) -> None:
    assert reason(text) is None


def _scanned(text: str, share: float, seed: int) -> str:
    """Characters replaced, dropped or torn apart, as a bad scan does."""
    chance = random.Random(seed)
    signs, letters = "~^|\\{}<>=*#$_`°§¬'\".,;:!?0123456789", "abcdeghiklmnopqrstuvxyàáâêôơưđạảấ"
    made = []
    for char in text:
        if char == " " or chance.random() >= share:
            made.append(char)
            continue
        kind = chance.random()
        made.append(
            chance.choice(signs)
            if kind < 0.5
            else chance.choice(letters)
            if kind < 0.85
            else ""
            if kind < 0.95
            else " " + char
        )
    return "".join(made)


def test_a_tenth_of_wrong_characters_leaves_a_letter_readable() -> None:
    assert [reason(_scanned(LETTER, 0.1, seed)) for seed in range(40)] == [None] * 40


def test_two_fifths_of_wrong_characters_make_it_unreadable_as_a_rule() -> None:
    found = [reason(_scanned(LETTER, 0.4, seed)) for seed in range(40)]
    assert sum(code is not None for code in found) >= 30


@pytest.mark.parametrize("unit", ["a", "?", "b? ", "~", "®", "á»", "oä", "a1", "µa", "\ufffd", "«", "[a]", "\u0301"])
def test_time_grows_with_the_length_only(unit: str) -> None:
    assert growth(unreadable, lambda size: received(text=unit * (size // len(unit))), 20_000, 1_000_000) <= LINEAR
