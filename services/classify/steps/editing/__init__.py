"""Wording changes that a text asks for."""
