"""Grids and who works in them, to read and to enter."""
