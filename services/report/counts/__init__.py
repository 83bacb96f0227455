"""What is folded, in counts and whole; whether it is all there is asked of the bus itself."""
