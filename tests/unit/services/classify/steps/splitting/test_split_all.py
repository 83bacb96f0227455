"""Many texts are split as each by itself, and what is heard in one is heard nowhere else."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classify.steps.splitting.split import Parts, split, split_all
from services.classify.steps.view import view, without_diacritics

_PIECES = (
    *("1. ", "- ", "a) ", "(2) ", "\n", "\n\n", " ", ". ", "; ", ": ", "? ", "…", ".", "“", "”", '"', "(", ")"),
    *("Kính gửi Ban Tổ chức!", "Xin cảm ơn.", "Tôi xin có ý kiến như sau:", "Lò Văn Mẫu", "Như tiêu đề ạ."),
    *(
        "Đề nghị",
        "bổ sung",
        "khiếu",
        "nại",
        "nhất",
        "trí",
        "tuy nhiên",
        "chúc",
        "trân",
        "trọng",
        "cảm",
        "ơn",
        "12",
        "x",
    ),
    *("😀", "\u0301", "İ", "\u2028", "\r\n", "\t", "  ", "\xa0"),
)
text = st.lists(st.sampled_from(_PIECES)).map("".join) | st.lists(st.sampled_from(_PIECES)).map(" ".join) | st.text()
texts = st.lists(text | text.map(without_diacritics), max_size=8)

# Enough of either kind for a batch to be heard as one.
_AROUND = [
    *["Đề nghị làm đường. Xin cảm ơn.", "Bổ sung chỉ tiêu", "Tôi xin cảm. 12", "ơn. Nhất", "trí với dự thảo; 3"] * 2,
    *["De nghi lam duong. Xin cam on.", "Bo sung chi tieu", "Toi xin cam. 12", "on. Nhat", "tri voi du thao; 3"] * 2,
]


def test_no_text_has_no_parts_and_an_empty_one_none_in_it() -> None:
    assert split_all([]) == []
    assert split_all([view(""), view(" \n")] * 8) == [Parts(())] * 16


@settings(max_examples=60)
@given(texts)
@example(["Đề nghị làm rõ khiếu. 12", "nại. Xin"])
@example(["Đã xem.Kính\tchúc Đại hội thành công"])
@example(["Đã  xem. Kính\tchúc Đại hội thành công"])
def test_many_texts_are_split_and_heard_as_each_by_itself(drawn: list[str]) -> None:
    several = [*_AROUND, *drawn, *_AROUND]
    views = [view(each) for each in several]
    together = split_all(views)
    for each, seen, parts in zip(several, views, together, strict=True):
        alone = view(each)
        assert parts == split(alone)
        assert seen.whole == alone.whole
        fresh = view(each)
        fresh.listen()
        assert seen.whole == fresh.whole
        for span in parts.opinions:
            assert seen.heard(*span) == fresh.heard(*span)
