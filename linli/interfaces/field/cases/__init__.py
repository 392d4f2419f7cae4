"""The case room as those on foot see it."""
