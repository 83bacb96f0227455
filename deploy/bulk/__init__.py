"""Bulk intake: a file of submissions, row by row, through the same API as everybody."""
