"""Venues and their kinds, posters, charging facilities: to enter, to keep, to read."""
