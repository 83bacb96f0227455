"""The tracking code (mã tra cứu): 14 characters that only we can make, and one that finds slips of tongue and finger.

The alphabet has 23 characters, none of which looks or sounds like another over the phone. 23 is prime, so with the weights
1..15 every wrong character and every exchange of two different characters breaks the weighted sum.
"""

import hashlib
import hmac
from collections.abc import Sequence
from operator import mul

ALPHABET = "2346789ACDEFHJKMNPRTVXY"
LENGTH = 15
_BASE = len(ALPHABET)
_WEIGHTS = range(1, LENGTH + 1)
_LAST_INVERSE = pow(LENGTH, -1, _BASE)
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_SEPARATORS = str.maketrans("", "", " -\t\n\r\u00a0\u2010\u2011\u2013\u2014.")


def make(secret: bytes, submission_id: str) -> str:
    """The canonical code of a submission: the same secret and id give the same code, and nothing else tells it."""
    number = int.from_bytes(hmac.digest(secret, submission_id.encode(), hashlib.sha256), "big")
    values: list[int] = []
    for _ in range(LENGTH - 1):
        number, value = divmod(number, _BASE)
        values.append(value)
    # sum(weight x value) must be 0 mod 23; -sum / 15 is the value of the last place, whose weight is 15.
    values.append(-_weighted(values) * _LAST_INVERSE % _BASE)
    return "".join([ALPHABET[value] for value in values])


def display(code: str) -> str:
    """The code in groups of five, as it is printed and read aloud."""
    return "-".join(code[i : i + 5] for i in range(0, len(code), 5))


def parse(text: str) -> str:
    """The canonical code a person meant: lower case, spaces and hyphens are fine.

    Raises ValueError with a Vietnamese reason when the length, a character or the check is wrong.
    """
    code = text.translate(_SEPARATORS).upper()
    if len(code) != LENGTH:
        raise ValueError(f"Mã tra cứu có {LENGTH} ký tự, mã vừa nhập có {len(code)}.")
    wrong = sorted({c for c in code if c not in _VALUE})
    if wrong:
        raise ValueError(f"Mã tra cứu không dùng ký tự: {' '.join(wrong)}")
    if _weighted([_VALUE[letter] for letter in code]) % _BASE:
        raise ValueError("Mã tra cứu chưa đúng: có thể đã nhập nhầm hoặc đảo một ký tự.")
    return code


def _weighted(values: Sequence[int]) -> int:
    return sum(map(mul, _WEIGHTS, values))
