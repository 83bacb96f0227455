"""Places of the draft that a text names."""
