"""Visits and checks on the desk: ledgers, rounds, records."""
