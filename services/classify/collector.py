"""How often Python looks for cycles of dead objects, in a process that classifies.

A batch of letters is some ten thousand objects that live until it is stored; none of them is in a cycle. By default the collector
walks through them every 700 new ones: a tenth of the time of classifying (`make bench`, classify_speed).
"""

import gc

_YOUNG = 20_000  # new objects after which the young ones are looked at: a few megabytes
_MIDDLE = 20  # looks at the young, after which the older ones are looked at too


def rest() -> None:
    """Call it once, when what lives as long as the process is loaded: that is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _MIDDLE)
