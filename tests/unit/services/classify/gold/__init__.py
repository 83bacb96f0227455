"""Measurement against hand-written gold sets in tests/gold: each was written without looking at the rules it measures."""
