"""What the cues of an opinion do once negation, facts and objects are reckoned with: "không nên bỏ" asks for no deletion.

Vietnamese negates before the word, with at most a few adverbs between ("chưa thật sự nhất trí"). What is agreed to or refused
follows its verb ("nhất trí bổ sung Chương X", "không đồng ý bỏ Điều 9"). "Đã bổ sung" tells what was done and asks for nothing.
"""

from collections.abc import Callable
from typing import ClassVar, Final

from services.classify.steps.stances.act_words import (
    ADVERBS,
    AFTER_BUT,
    AVOID,
    AVOIDED,
    BEFORE_BO,
    DONE,
    MUST,
    NEEDLESS,
    NO_MODAL,
    NOT,
    NOT_AFTER_BO,
    OF_OTHERS,
    PARTS,
    PAUSES,
    SO_THAT,
    STOPS,
    SURE,
    VERY,
    WHOLLY,
    YET,
)
from services.classify.steps.stances.cue_words import Act, Acts, Cue
from services.classify.steps.stances.cues import Heard

_WORDING: Final = {
    Cue.DELETE: Act.DELETES,
    Cue.CUT: Act.DELETES,
    Cue.SUPPLEMENT: Act.SUPPLEMENTS,
    Cue.AMEND: Act.AMENDS,
}
_DENIABLE: Final = frozenset(
    (
        Cue.AGREE, Cue.KEEP, Cue.PRAISE, Cue.QUALITY, Cue.SHOWS, Cue.OPPOSE, Cue.CRITICISM, Cue.DELETE, Cue.CUT, Cue.SUPPLEMENT,
        Cue.AMEND, Cue.WISH, Cue.ASSERT, Cue.MODAL, Cue.REQUEST, Cue.LACK,
    )
)  # fmt: skip
_FAULTS: Final = frozenset((Cue.NOT, Cue.LACK, Cue.CRITICISM))
_PRAISING: Final = frozenset((Cue.PRAISE, Cue.QUALITY, Cue.SHOWS))


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

    def _criticism(self, _cue: int, at: int, _after: int) -> None:
        if not self._quoted() and not self._avoided(at):
            self._say(Act.CRITICISES, at)

    def _request(self, _cue: int, at: int, _after: int) -> None:
        if self._denials(at)[0] == 0 and self._before(at) not in OF_OTHERS:
            self._asked, self._held = True, False
            self._say(Act.ASKS, at)

    def _opposition(self, _cue: int, at: int, _after: int) -> None:
        self._say(Act.OPPOSES if self._denials(at)[0] % 2 == 0 else Act.AGREES, at)
        self._held, self._paused = True, False

    def _turn(self, _cue: int, at: int, after: int) -> None:
        if self._accented or after - at > 1 or self._but(at):
            self._held = self._denied = False
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
        count, between = self._denials(at)
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
        count, between = self._denials(at)
        if count % 2:
            # "Không cần bổ sung gì thêm": content as it is. "Chưa làm rõ", "không nên bỏ": an objection.
            if not NEEDLESS.isdisjoint(between):
                self._say(Act.PRAISES, at)
            elif not self._quoted():
                self._say(Act.OPPOSES if _WORDING[cue] == Act.DELETES else Act.CRITICISES, at)
        elif not self._held and not self._told(at):
            self._say(_WORDING[cue], at)

    def _praise(self, cue: int, at: int, after: int) -> None:
        if self._denied or self._denials(at)[0] % 2:
            if not self._quoted():
                self._say(Act.CRITICISES, at)
        elif self._tokens[after : after + 1] in (["hơn"], ["hon"]):
            return  # "rõ ràng hơn": how it should be
        elif (
            (cue == Cue.PRAISE and self._before(at) not in SO_THAT)
            or (cue == Cue.QUALITY and self._before(at) in VERY)
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
            verb = following is not None and following[0] in _WORDING and following[1] - at <= 3
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
            if ruled in _PRAISING:
                self._say(Act.CRITICISES, at)
                return
            if first not in ("thiếu", "thieu"):
                return
        elif ruled in _DENIABLE:
            return
        self._denied = True
        if cue == Cue.NOT and first not in YET:
            return
        if not self._quoted() and not self._avoided(at):
            self._say(Act.CRITICISES if self._about_draft else Act.LAMENTS, at)

    def _wish(self, cue: int, at: int, _after: int) -> None:
        if self._denials(at)[0] % 2:
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
        following = self._tokens[at + 1] if at + 1 < len(self._tokens) else ""
        faulty = any(
            cue in _FAULTS and near - at <= 12 for cue, near, _ in self._heard[self._number : self._number + 4]
        )
        return faulty or following in AFTER_BUT

    def _quoted(self) -> bool:
        """Whether a fault named here is only what the agreement or refusal is about."""
        return self._held and not self._paused

    def _before(self, at: int) -> str:
        return self._tokens[at - 1] if at else ""

    def _opens(self, at: int) -> bool:
        before = self._before(at)
        return not before or before in STOPS or before.isdecimal()

    def _denials(self, at: int) -> tuple[int, list[str]]:
        """How many negations rule the word, and the words between the first of them and it."""
        count, first, i = 0, at, at - 1
        while i >= 0 and at - i <= 6:
            word = self._tokens[i]
            if word in NOT or (word == "kho" and self._tokens[i + 1] in ("ma", "co")):
                count, first = count + 1, i
            elif word not in ADVERBS:
                break
            i -= 1
        return count, self._tokens[first:at]

    def _avoided(self, at: int) -> bool:
        """ "Tránh được trùng lặp", "khắc phục bệnh hình thức": the fault is not the draft's."""
        for word in reversed(self._tokens[max(0, at - 4) : at]):
            if word in AVOID:
                return True
            if word not in AVOIDED:
                return False
        return False

    def _told(self, at: int) -> bool:
        """ "Đã bổ sung", "được sửa đổi": told, not asked."""
        before, earlier = self._before(at), self._tokens[at - 2] if at > 1 else ""
        if before in ("được", "duoc"):
            return earlier not in MUST
        return (before in DONE and earlier not in MUST) or earlier in DONE

    def _cuts(self, at: int, after: int) -> bool:
        following = self._tokens[after] if after < len(self._tokens) else ""
        before = self._before(at)
        if not self._accented:
            beyond = self._tokens[after + 1] if after + 1 < len(self._tokens) else ""
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
    }
