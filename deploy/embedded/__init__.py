"""The embedded run: everything on one machine from PyPI alone, supervised (`ykien up`)."""
