"""What the cues of an opinion do once negation, facts and objects are reckoned with: "không nên bỏ" asks for no deletion.

Vietnamese negates before the word, with at most a few adverbs between ("chưa thật sự nhất trí"). What is agreed to or refused
follows its verb ("nhất trí bổ sung Chương X", "không đồng ý bỏ Điều 9"). "Đã bổ sung" tells what was done and asks for nothing.
"""

from collections.abc import Callable
from typing import ClassVar, Final

from services.classify.steps.stances.act_words import (
    AFTER_BUT,
    BEFORE_BO,
    BEFORE_WOULD,
    COMPARED,
    DRAFTERS,
    IF,
    MUST,
    NEEDLESS,
    NO_MODAL,
    NOT,
    NOT_AFTER_BO,
    NOT_TUONG,
    OF_OTHERS,
    OTHERS,
    PARTS,
    PAUSES,
    SO_THAT,
    STOPS,
    SURE,
    VERY,
    WHOLLY,
    YET,
)
from services.classify.steps.stances.around import avoided, condemned, denials, of_life, taken_back, told
from services.classify.steps.stances.cue_words import DENIABLE, FAULTS, PRAISING, WORDING, Act, Acts, Cue
from services.classify.steps.stances.cues import Heard

_NEAR: Final = 15  # words
_SHORT: Final = 3  # words and marks of a message that is nothing but its judgement: "Tốt."


class Reading:
    """One pass over the cues of an opinion."""

    def __init__(self, tokens: list[str], heard: list[Heard], *, accented: bool) -> None:
        self._tokens = tokens
        self._heard = heard
        self._accented = accented
        self._acts: Acts = []
        self._asked = False  # something was asked for before
        self._held = False  # what follows is the object of an agreement or a refusal
        self._paused = False  # since then the writer paused: a fault named now is the writer's own finding
        self._about_draft = False  # the clause speaks of the draft
        self._denied = False  # the clause denies something: "chưa cung cấp đầy đủ"
        self._doubt = 0  # the cue that makes praise behind it not the writer's
        self._done = 0  # words before this one are dealt with
        self._number = 0  # cues taken

    def acts(self) -> Acts:
        """The acts, in order, each with the index of its word."""
        for cue, at, after in self._heard:
            for word in self._tokens[self._done : at]:
                if word in PAUSES:
                    self._denied, self._paused = False, True
                    if word != ",":
                        self._held = self._about_draft = False
                        self._doubt = 0
            self._number += 1
            self._TAKE[cue](self, cue, at, after)
            self._done = after
        return self._acts

    def _say(self, act: int, at: int) -> None:
        self._acts.append((act, at))

    def _nothing(self, _cue: int, _at: int, _after: int) -> None:
        pass

    def _subject(self, _cue: int, _at: int, _after: int) -> None:
        self._about_draft = True

    def _doubting(self, cue: int, at: int, after: int) -> None:
        first, before = self._tokens[at], self._before(at)
        if first in ("tưởng", "tuong") and before in NOT_TUONG:
            return
        if cue == Cue.WOULD and before and before not in PAUSES and before not in BEFORE_WOULD:
            return  # "đánh giá như vậy", "mức giá mà dân phải trả"
        if cue == Cue.WOULD or taken_back(self._tokens, after):
            self._doubt, self._asked = cue, self._asked or cue == Cue.WOULD
        elif cue == Cue.SEEMING and self._accented:
            self._doubt = Cue.NOTHING

    def _criticism(self, _cue: int, at: int, after: int) -> None:
        if not self._quoted() and not avoided(self._tokens, at):
            life = self._tokens[at] in ("còn", "con") and of_life(self._tokens, at, after)
            self._say(Act.LAMENTS if life else Act.CRITICISES, at)

    def _request(self, _cue: int, at: int, _after: int) -> None:
        if denials(self._tokens, at)[0] == 0 and self._before(at) not in OF_OTHERS:
            self._asked, self._held = True, False
            self._say(Act.ASKS, at)
            if self._before(at) in OTHERS:
                self._say(Act.TOLD, at)

    def _opposition(self, _cue: int, at: int, _after: int) -> None:
        self._say(Act.OPPOSES if denials(self._tokens, at)[0] % 2 == 0 else Act.AGREES, at)
        self._held, self._paused = True, False

    def _turn(self, _cue: int, at: int, after: int) -> None:
        if self._accented or after - at > 1 or self._but(at):
            self._held = self._denied = False
            self._doubt = 0
            self._say(Act.TURNS, at)

    def _part(self, _cue: int, at: int, _after: int) -> None:
        self._held, self._paused = True, False
        self._say(Act.PARTLY, at)

    def _question(self, cue: int, at: int, _after: int) -> None:
        if cue == Cue.QUESTION or self._opens(at):
            self._say(Act.QUESTIONS, at)

    def _agreement(self, cue: int, at: int, _after: int) -> None:
        if (
            cue == Cue.AGREE
            and self._asked
            and self._before(at) not in OF_OTHERS
            and self._tokens[at] in ("ủng", "ung")
        ):
            return  # "đề nghị tỉnh ủng hộ kinh phí": support is what is asked for
        count, between = denials(self._tokens, at)
        if count == 0:
            self._say(Act.AGREES, at)
        elif count % 2 == 0:
            self._say(Act.AGREES if not SURE.isdisjoint(between) else Act.PARTLY, at)
        else:
            self._say(Act.PARTLY if not WHOLLY.isdisjoint(between) else Act.OPPOSES, at)
        self._held, self._paused = True, False

    def _wording(self, cue: int, at: int, after: int) -> None:
        if cue == Cue.CUT and not self._cuts(at, after):
            return
        count, between = denials(self._tokens, at)
        if count % 2:
            # "Không cần bổ sung gì thêm": content as it is. "Chưa làm rõ", "không nên bỏ": an objection.
            if not NEEDLESS.isdisjoint(between):
                self._say(Act.PRAISES, at)
            elif not self._quoted():
                missed = Act.LAMENTS if of_life(self._tokens, at, at) else Act.CRITICISES
                self._say(Act.OPPOSES if WORDING[cue] == Act.DELETES else missed, at)
        elif not self._held and not told(self._tokens, at):
            if WORDING[cue] == Act.DELETES and not self._asked and self._before(at) not in MUST:
                if self._before(at) in IF or not DRAFTERS.isdisjoint(self._tokens[max(0, at - 3) : at]):
                    return  # "nếu bỏ khoản 3 thì ...": weighed, not asked for; "dự thảo 2 bỏ Điều 8": told
                if condemned(self._tokens, after):
                    self._say(Act.OPPOSES, at)
                    return
            self._say(WORDING[cue], at)

    def _praise(self, cue: int, at: int, after: int) -> None:
        if self._doubt:
            if self._doubt != Cue.NOTHING and denials(self._tokens, at)[0] % 2 == 0 and not self._quoted():
                self._say(Act.AMENDS if self._doubt == Cue.WOULD else Act.CRITICISES, at)
        elif self._denied or denials(self._tokens, at)[0] % 2:
            if not self._quoted():
                self._say(Act.CRITICISES, at)
        elif self._tokens[after : after + 1] in (["hơn"], ["hon"]) and self._at(after + 1) not in COMPARED:
            if not IF.isdisjoint(self._tokens[max(0, at - _NEAR) : after + _NEAR]):
                self._say(Act.WISHES, at)
            return  # "rõ ràng hơn": how it should be
        elif (
            (cue == Cue.PRAISE and self._before(at) not in SO_THAT)
            or (cue == Cue.QUALITY and (self._before(at) in VERY or len(self._tokens) <= _SHORT))
            or (cue == Cue.SHOWS and self._about_draft)
        ):
            self._say(Act.PRAISES, at)

    def _modal(self, _cue: int, at: int, _after: int) -> None:
        following = self._heard[self._number] if self._number < len(self._heard) else None
        if tuple(self._tokens[at : at + 2]) in NO_MODAL and self._tokens[at + 2 : at + 3] not in (["sung"], ["the"]):
            return
        if self._before(at) in ("gì", "gi"):
            return  # "không có gì phải phàn nàn"
        if self._before(at) in NOT:
            verb = following is not None and following[0] in WORDING and following[1] - at <= 3
            if not verb and not self._held and self._tokens[at] not in ("phải", "phai"):
                self._say(Act.CRITICISES, at)
        elif (
            not self._held
            or self._before(at) in (",", "và", "va", "thì", "thi")
            or "," in self._tokens[self._done : at]
        ):
            self._asked, self._held = True, False
            self._say(Act.ASKS, at)

    def _lack(self, cue: int, at: int, after: int) -> None:
        """A denial whose word comes next is reckoned with there; one of an unknown word is a criticism where the draft is meant."""
        following = self._heard[self._number] if self._number < len(self._heard) else None
        ruled = following[0] if following is not None and following[1] - after <= 3 else None
        first = self._tokens[at]
        if cue == Cue.LACK:
            if ruled in PRAISING:
                self._say(Act.CRITICISES, at)
                return
            if first not in ("thiếu", "thieu"):
                return
        elif ruled in DENIABLE:
            return
        self._denied = True
        if cue == Cue.NOT and first not in YET:
            return
        if not self._quoted() and not avoided(self._tokens, at):
            self._say(Act.CRITICISES if self._about_draft else Act.LAMENTS, at)

    def _wish(self, cue: int, at: int, _after: int) -> None:
        if denials(self._tokens, at)[0] % 2:
            if not self._quoted():
                self._say(Act.CRITICISES if cue != Cue.MORE else Act.LAMENTS, at)
        elif cue == Cue.MORE:
            if self._asked or self._opens(at):
                self._say(Act.SUPPLEMENTS, at)
        elif self._opens(at):
            self._say(Act.WISHES, at)
        elif cue == Cue.ASSERT:
            self._say(Act.PRAISES, at)

    def _but(self, at: int) -> bool:
        """Without diacritics "nhưng" and "những", "song" and "sông" are one: a pause before it tells, or what is denied after it."""
        if self._before(at) in PAUSES:
            return True
        if self._tokens[at] != "nhung":
            return False
        following = self._at(at + 1)
        faulty = any(cue in FAULTS and near - at <= 12 for cue, near, _ in self._heard[self._number : self._number + 4])
        return faulty or following in AFTER_BUT

    def _quoted(self) -> bool:
        """Whether a fault named here is only what the agreement or refusal is about."""
        return self._held and not self._paused

    def _before(self, at: int) -> str:
        return self._tokens[at - 1] if at else ""

    def _at(self, at: int) -> str:
        return self._tokens[at] if at < len(self._tokens) else ""

    def _opens(self, at: int) -> bool:
        before = self._before(at)
        return not before or before in STOPS or before.isdecimal()

    def _cuts(self, at: int, after: int) -> bool:
        following = self._at(after)
        before = self._before(at)
        if not self._accented:
            beyond = self._at(after + 1)
            return before in BEFORE_BO and following not in NOT_AFTER_BO and beyond not in ("phap", "lenh")
        object_ = following in PARTS or following.startswith(("“", '"', "«"))
        return object_ or before in MUST or before in NOT or (not following.isalpha() and self._asked)

    _TAKE: ClassVar[dict[int, Callable[["Reading", int, int, int], None]]] = {
        Cue.AGREE: _agreement,
        Cue.KEEP: _agreement,
        Cue.PARTLY: _part,
        Cue.PRAISE: _praise,
        Cue.SHOWS: _praise,
        Cue.QUALITY: _praise,
        Cue.OPPOSE: _opposition,
        Cue.CRITICISM: _criticism,
        Cue.DELETE: _wording,
        Cue.CUT: _wording,
        Cue.SUPPLEMENT: _wording,
        Cue.AMEND: _wording,
        Cue.MORE: _wish,
        Cue.WISH: _wish,
        Cue.ASSERT: _wish,
        Cue.REQUEST: _request,
        Cue.MODAL: _modal,
        Cue.CONTRAST: _turn,
        Cue.QUESTION: _question,
        Cue.WHY: _question,
        Cue.SUBJECT: _subject,
        Cue.NOT: _lack,
        Cue.LACK: _lack,
        Cue.NOTHING: _nothing,
        Cue.SEEMING: _doubting,
        Cue.SUPPOSED: _doubting,
        Cue.WOULD: _doubting,
    }
