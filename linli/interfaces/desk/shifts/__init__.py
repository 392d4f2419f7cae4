"""Handing over a shift."""
