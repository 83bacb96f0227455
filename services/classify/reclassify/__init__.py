"""What the present model would say about everything that was classified before: shown first, applied when somebody says so."""
