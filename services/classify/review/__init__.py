"""Where people look at what the classifier is not sure of: which opinions, in which order, by whom, and what they say."""
