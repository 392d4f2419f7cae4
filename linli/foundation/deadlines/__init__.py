"""Clocks: due, pauses, marks and the one sweep."""
