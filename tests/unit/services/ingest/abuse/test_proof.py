"""The proof of work: what our script solves is taken, what is forged, stale, foreign or used up is not."""

import base64
import json
from typing import Any

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.abuse import proof
from services.ingest.abuse.shared_limits import SharedLimits
from tests.support.kv import MemoryBucket, bus_with

KEY = bytes(range(32))
NOW = 4e9  # the library looks at the real clock
TOKEN = "a" * 32


def solve(text: str) -> str:
    challenge = altcha.Challenge.from_dict(json.loads(text))
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()


@pytest.fixture(scope="module")
def payload() -> str:
    return solve(proof.challenge(KEY, TOKEN, NOW, lambda _n: 0))


def test_a_solved_challenge_is_taken_for_its_own_form_only(payload: str) -> None:
    assert proof.solved(KEY, payload, TOKEN)
    assert proof.solved(KEY, payload, "b" * 32) is None
    assert proof.solved(bytes(32), payload, TOKEN) is None


def test_a_challenge_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    old = solve(proof.challenge(KEY, TOKEN, 1e9, lambda _n: 0))
    assert proof.solved(KEY, old, TOKEN) is None


def test_the_work_is_bounded_and_never_trivial() -> None:
    for pick in (lambda _n: 0, lambda n: n - 1):
        parameters = json.loads(proof.challenge(KEY, TOKEN, NOW, pick))["parameters"]
        assert parameters["data"]["most"] == proof.MOST
        assert TOKEN not in json.dumps(parameters)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("solution", "counter"), 1),
        (("solution", "derivedKey"), "00"),
        (("challenge", "parameters", "keyPrefix"), ""),
        (("challenge", "parameters", "expiresAt"), 5_000_000_000),
        (("challenge", "parameters", "data"), {"form": "x"}),
        (("challenge", "signature"), None),
        (("challenge", "parameters"), []),
    ],
)
def test_whatever_is_changed_in_it_the_proof_fails(payload: str, path: tuple[str, ...], value: Any) -> None:
    forged = json.loads(base64.b64decode(payload))
    inner = forged
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert proof.solved(KEY, base64.b64encode(json.dumps(forged).encode()).decode(), TOKEN) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)
NAMES = ("algorithm", "nonce", "salt", "cost", "keyLength", "keyPrefix", "keySignature", "expiresAt", "data")


@given(
    st.text(max_size=200)
    | JSON.map(lambda v: base64.b64encode(json.dumps(v).encode()).decode())
    | st.fixed_dictionaries(
        {
            "challenge": st.fixed_dictionaries(
                {"parameters": st.fixed_dictionaries(dict.fromkeys(NAMES, JSON)), "signature": JSON}
            ),
            "solution": st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}),
        }
    ).map(lambda v: base64.b64encode(json.dumps(v).encode()).decode())
)
def test_no_payload_raises_or_is_taken_by_chance(text: str) -> None:
    assert proof.solved(KEY, text, TOKEN) is None


async def test_a_challenge_serves_one_submission_and_its_repetitions_only() -> None:
    bucket = MemoryBucket()
    one, two = (SharedLimits(bus_with(bucket), KEY, lambda: 1_750_046_400.0) for _ in range(2))
    assert [await limits.take("proof", "x", 1, 3, 60) is None for limits in (one, two, one, two, one)] == [
        *[True] * 3,
        *[False] * 2,
    ]
    assert [await proof.spend(one, "y") for _ in range(4)] == [True, True, True, False]
