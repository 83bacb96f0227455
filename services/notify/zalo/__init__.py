"""Answers through a Zalo Official Account: the OA API v3 and its single-use refresh tokens (formats.md §2)."""
