"""How Ykien is run: the `ykien` command, the embedded run, images and their configuration."""
