"""Ledgers of what is visited."""
