"""The steps of reading a text, one file each; all pure. `pipeline.py` puts them in order."""
