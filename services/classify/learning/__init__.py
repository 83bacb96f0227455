"""Learning topic groups from people's corrections: labelled texts in, a versioned artifact out, scored from plain dictionaries."""
