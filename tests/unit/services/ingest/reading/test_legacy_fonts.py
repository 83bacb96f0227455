"""TCVN3, VNI and VISCII become Unicode when that is sure; what is Unicode already never changes."""

import shutil
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.reading import legacy_fonts
from services.ingest.reading.legacy_fonts import decode, mend
from services.ingest.reading.runs import Run, text_of
from tests.unit.services.ingest.reading.build import tcvn3, viscii, vni

SENTENCES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập - Tự do - Hạnh phúc.",
    "Đề nghị bổ sung chỉ tiêu về nước sạch, trường học và đường giao thông cho các xã vùng cao, biên giới.",
    "Tôi nhất trí với mục tiêu tổng quát; riêng khoản 2 điều 5 cần sửa lại cho rõ, kỹ hơn ở phần quy hoạch.",
    "Người dân bản Nà Ư kiến nghị sớm khởi công hồ chứa, hỗ trợ giống cây, phân bón và vốn vay.",
)
UNTOUCHED = (
    "Le café était très bon, où êtes-vous né? À la forêt déjà, hélas! Noël, garçon, œuvre, « bonjour »",
    "Für Österreich: Größe, Übung, schön, Straße, Mädchen",
    "São Paulo, coração, não é possível, região, educação",
    "Tôi là công dân xã, có ý này: cô giáo và bác sĩ còn ít, tôi mong có thêm.",
    "Điện Biên Phủ § 5 ® © 2025 ± 3 °C",
    "naïve résumé",
    "é à",
)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("typed_in", [tcvn3, vni, viscii])
def test_a_sentence_is_recognised_without_knowing_its_font(sentence: str, typed_in: Callable[[str], str]) -> None:
    assert typed_in(sentence) != sentence
    assert decode(typed_in(sentence)) == sentence


def test_two_words_are_enough_when_the_font_is_unknown() -> None:
    assert decode("Céng hßa") == "Cộng hòa"
    assert decode("Coäng hoøa") == "Cộng hòa"


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_languages_and_unicode_vietnamese_stay_as_they_are(text: str) -> None:
    assert decode(text) is None
    assert mend(text) == text


@pytest.mark.parametrize("sentence", SENTENCES)
def test_real_vietnamese_is_never_changed_not_even_under_an_old_fonts_name(sentence: str) -> None:
    for font in (None, "Times New Roman", ".VnTime", ".VnTimeH", "VNI-Times"):
        assert decode(sentence, font) is None


_SYLLABLES = sorted({word for sentence in SENTENCES for word in sentence.replace(",", " ").split()})


@given(st.lists(st.sampled_from(_SYLLABLES), max_size=30).map(" ".join))
def test_any_order_of_vietnamese_words_comes_back_untouched(text: str) -> None:
    assert decode(text) is None
    assert mend(text) == text


@given(st.text(max_size=200), st.sampled_from([None, ".VnTime", ".VnTimeH", "VNI-Times", "Arial"]))
def test_anything_can_be_asked(text: str, font: str | None) -> None:
    read = decode(text, font)
    assert read is None or read != text


def test_the_font_settles_what_one_word_cannot() -> None:
    assert decode("®", ".VnTime") == "đ"
    assert decode("§iÒu 5", ".VnArial") == "Điều 5"
    assert decode("céng hßa", ".VnTimeH") == "CỘNG HÒA"
    assert decode("Ñieàu", "VNI-Times") == "Điều"
    assert decode("ÑIEÀU", "VNI-Helve") == "ĐIỀU"
    assert decode("plain", ".VnTime") is None


def test_a_vni_letter_split_between_two_runs_is_one_letter() -> None:
    assert text_of([[("Vie", "VNI-Times"), ("ät Nam", "VNI-Times")]]) == "Việt Nam"


def test_a_heading_too_short_to_judge_is_judged_with_the_rest() -> None:
    typed: list[Run] = [(tcvn3(s), None) for s in SENTENCES]
    lines: list[list[Run]] = [[("KÝnh göi:", "Arial")], *([run] for run in typed)]
    assert text_of(lines).split("\n") == ["Kính gửi:", *SENTENCES]


def test_one_old_paragraph_between_new_ones_is_mended_alone() -> None:
    text = "\n".join([SENTENCES[0], tcvn3(SENTENCES[1]), UNTOUCHED[0], vni(SENTENCES[2])])
    assert mend(text).split("\n") == [SENTENCES[0], SENTENCES[1], UNTOUCHED[0], SENTENCES[2]]


@pytest.mark.skipif(shutil.which("iconv") is None, reason="needs iconv")
@pytest.mark.parametrize(("charset", "table"), [("TCVN5712-1", legacy_fonts._TCVN3), ("VISCII", legacy_fonts._VISCII)])
def test_the_tables_agree_with_iconv(charset: str, table: dict[int, str]) -> None:
    for code, letter in table.items():
        if code < 256:
            told = subprocess.run(
                ["iconv", "-f", charset, "-t", "utf-8"], input=bytes([code]), capture_output=True, check=True
            ).stdout.decode()
            assert told == letter
