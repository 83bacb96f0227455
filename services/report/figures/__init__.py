"""Facts before an instant -> the figures of a report. Pure: nothing here reads a database or a clock."""
