"""Figures over all of it: defined in one place, kept as things happen, opened down to the rows."""
