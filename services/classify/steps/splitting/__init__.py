"""A text into opinions and what is set aside: exact spans that cover every word."""
