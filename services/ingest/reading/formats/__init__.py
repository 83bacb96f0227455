"""One module for each kind of file: bytes in, `Found` out. They run in the process apart and may fail in any way their libraries do."""
