"""`make demo`: the main job end to end on the embedded system, on shipped invented input."""
