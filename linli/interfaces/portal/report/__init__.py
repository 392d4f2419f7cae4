"""Reporting a problem: one form and a look over it, each a plain POST."""
