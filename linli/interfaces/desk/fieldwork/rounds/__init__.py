"""Rounds: planned, given out, followed."""
