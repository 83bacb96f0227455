"""What the words around a cue tell: a lack in life or in the draft, praise that is taken back, a removal that is condemned."""

from collections.abc import Sequence
from itertools import pairwise

from services.classify.steps.stances.act_words import (
    ABOUT,
    ADVERBS,
    AVOID,
    AVOIDED,
    CONDEMNED,
    CONTRARY,
    DECIDED,
    DONE,
    IF,
    LIFE,
    LIFE_NEEDS,
    LIFE_NEEDS_IN_TWO,
    MUST,
    NOT,
    OF_DRAFT,
    STOPS,
    TELLING,
    THEN,
)

_AHEAD = 24  # words of the same sentence that are looked at
_BACK = 10


def taken_back(tokens: Sequence[str], after: int) -> bool:
    """ "Nếu nói dự thảo khoa học thì tôi không dám": what follows in the sentence denies or turns it."""
    for word in tokens[after : after + _AHEAD]:
        if word in STOPS:
            return False
        if word in CONTRARY:
            return True
    return False


def of_life(tokens: Sequence[str], at: int, after: int) -> bool:
    """ "Bản tôi còn thiếu phòng học": who lacks it, or what is lacking, is of life and not of the draft."""
    if tuple(tokens[after : after + 2]) in OF_DRAFT or tokens[after : after + 1] in (["phần"], ["mục"], ["muc"]):
        return False
    life = False
    for i in range(at - 1, max(0, at - _BACK) - 1, -1):
        if tokens[i] in STOPS:
            break
        pair = tokens[i - 1] if i else "", tokens[i]
        if pair in OF_DRAFT:
            return life
        if tokens[i] in ABOUT and tokens[i + 1] not in TELLING:
            life = False  # "nội dung về y tế còn thiếu": the content lacks something
        life = life or pair in LIFE
    if life:
        return True
    needs = tuple(tokens[after : after + 2])
    return needs in LIFE_NEEDS_IN_TWO or not LIFE_NEEDS.isdisjoint(needs[:1])


def condemned(tokens: Sequence[str], after: int) -> bool:
    """ "Bỏ Điều 9 là sai", "bỏ khoản 3 thì không được": a removal that is named to be refused."""
    held = tokens[after : after + _AHEAD // 2]
    for word, following in pairwise(held):
        if word in STOPS or word == ",":
            return False
        if word in THEN and following in CONDEMNED:
            return True
    return False


def avoided(tokens: Sequence[str], at: int) -> bool:
    """ "Tránh được trùng lặp", "khắc phục bệnh hình thức": the fault is not the draft's."""
    for word in reversed(tokens[max(0, at - 4) : at]):
        if word in AVOID:
            return True
        if word not in AVOIDED:
            return False
    return False


def told(tokens: Sequence[str], at: int) -> bool:
    """ "Đã bổ sung", "được sửa đổi": told, not asked."""
    before, earlier = tokens[at - 1] if at else "", tokens[at - 2] if at > 1 else ""
    if before in ("được", "duoc"):
        return earlier not in MUST and earlier not in IF
    if before in DECIDED and at > 2 and tokens[at - 3] in DONE:
        return True  # "đã quyết định bỏ"
    return (before in DONE and earlier not in MUST) or earlier in DONE


def denials(tokens: Sequence[str], at: int) -> tuple[int, Sequence[str]]:
    """How many negations rule the word, and the words between the first of them and it."""
    count, first, i = 0, at, at - 1
    while i >= 0 and at - i <= 6:
        word = tokens[i]
        if word in NOT or (word == "kho" and tokens[i + 1] in ("ma", "co")):
            count, first = count + 1, i
        elif word not in ADVERBS:
            break
        i -= 1
    return count, tokens[first:at]
