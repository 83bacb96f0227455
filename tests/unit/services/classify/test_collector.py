"""In a process that classifies, dead cycles are looked for seldom; they are found all the same."""

import json
import subprocess
import sys

_SCRIPT = """
import gc, json, weakref
from services.classify import collector

class Node:
    pass

def cycle():
    node = Node()
    node.self = node
    return weakref.ref(node)

lost, kept = cycle(), [Node() for _ in range(100)]
before = gc.get_threshold(), gc.get_freeze_count()
collector.rest()
rested = gc.get_threshold(), gc.get_freeze_count(), lost() is None, gc.isenabled()
later = cycle()
gc.collect()
young = later() is None
later, made = cycle(), []
while later() is not None and len(made) < 100_000:
    made.append([])
print(json.dumps([*before, *rested, young, len(made)]))
"""


def test_it_sets_what_is_loaded_aside_and_looks_seldom_but_still_looks() -> None:
    """In a process of its own: what is set aside stays so."""
    ran = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    threshold, frozen, rested, set_aside, swept, enabled, young, made = json.loads(ran.stdout)
    assert (threshold[0], frozen) == (700, 0)
    assert rested == [20_000, 20, 20]
    assert set_aside > 1000  # every module and its functions
    assert swept  # what was dead already is not kept for ever
    assert enabled
    assert young
    assert 700 < made <= 20_000  # a new cycle goes when so many objects were made, without anybody asking
