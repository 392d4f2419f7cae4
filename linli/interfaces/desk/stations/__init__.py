"""Stations: their pools of shared cases, and what was done together."""
