"""Spans that identify a private person."""
