"""What an opinion does with the draft, and whether it speaks of it as a whole."""
