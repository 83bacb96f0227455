"""Opinions that say (nearly) the same, and form letters: linked and counted both ways, never merged away."""
