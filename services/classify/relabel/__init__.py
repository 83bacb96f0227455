"""Long work of classify, one page a message: what people decided reaches all that say the same."""
