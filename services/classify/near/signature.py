"""MinHash of an opinion: texts that share most of their words share one of a few band keys, and so find one another.

What is hashed is the set of words (Vietnamese syllables, folded) without those that half of all letters have: single words outlive
edits that tear word pairs and character n-grams apart (measured: `tests/bench/near_duplicates.py`), and `verify.py` decides anyway.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

BANDS, ROWS = 24, 5
SHORT = 8  # words below which only the exact text tells two opinions apart
_FEW = 6  # telling words below which the others count as well
_CHUNK = 1_000  # words hashed at once: what is held does not grow with the text
_KNOWN_WORDS = 32_768

_Hashes = npt.NDArray[np.uint32]

_COMMON = """
de nghi bo sung du thao noi dung can xem xet toi chung em xin ban soan tinh va cua cac nhung cho trong la voi ve tai duoc them kinh
gui y kien gop dong nhat tri mot so phai nen thi ma o tu den vao theo nhu nay do co da se dang con lai bao cao chinh quyet dai hoi
muc trang phan vi song hon nua rat cung truoc sau khi neu tren duoi ra mong nguoi dan viec lam ta ong ba hay bang moi nhieu dat nam
quan tam cu the tiep tuc thuc hien
"""
COMMON = frozenset(_COMMON.split())  # what nearly every letter has: it says that this is a letter, not which one


@lru_cache(_KNOWN_WORDS)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest())


def _constants(label: str, count: int) -> _Hashes:
    """The same odd numbers on any machine."""
    return np.array([_hash(f"{label}:{i}") | 1 for i in range(count)], dtype=np.uint32)


def _wide(label: str, count: int) -> npt.NDArray[np.uint64]:
    parts = [int.from_bytes(blake2b(f"{label}:{i}".encode(), digest_size=8).digest()) | 1 for i in range(count)]
    return np.array(parts, dtype=np.uint64)


_FACTORS = _constants("factor", BANDS * ROWS)
_SHIFTS = _constants("shift", BANDS * ROWS)
_MIX = _wide("mix", ROWS)
_PLACES = _wide("band", BANDS)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(256)
def _seed(consultation: str) -> npt.NDArray[np.uint64]:
    return _PLACES ^ _wide(f"consultation:{consultation}", 1)


def telling(words: Iterable[str]) -> frozenset[str]:
    """The words without the common ones; all of them when hardly any would be left."""
    every = frozenset(words)
    kept = every - COMMON
    return kept if len(kept) >= _FEW else every


def bands(consultation: str, words: Sequence[str], told: frozenset[str] | None = None) -> tuple[str, ...]:
    """The band keys (16 hex digits each) of a text given as folded words; none for a short one. `told` = `telling(words)`.

    Two texts whose sets of words have the Jaccard similarity j share at least one with 1 - (1 - j**ROWS)**BANDS.
    """
    if len(words) < SHORT:
        return ()
    hashes = np.array([_hash(word) for word in (telling(words) if told is None else told)], dtype=np.uint32)
    least = _least(hashes[:_CHUNK])
    for start in range(_CHUNK, len(hashes), _CHUNK):
        least = np.minimum(least, _least(hashes[start : start + _CHUNK]))
    mixed = (least.reshape(BANDS, ROWS) * _MIX).sum(axis=1, dtype=np.uint64)
    mixed = ((mixed ^ (mixed >> np.uint64(29))) * _SPREAD) ^ _seed(consultation)
    digits = mixed.astype(">u8").tobytes().hex()
    return tuple(digits[at : at + 16] for at in range(0, 16 * BANDS, 16))


def _least(hashes: _Hashes) -> _Hashes:
    found: _Hashes = (hashes[:, None] * _FACTORS + _SHIFTS).min(axis=0)
    return found
