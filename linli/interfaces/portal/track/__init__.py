"""Following a report by its tracking code."""
