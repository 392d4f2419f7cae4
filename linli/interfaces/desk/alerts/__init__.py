"""Warnings of the city: in force, listed, one with its messages, taken note of, entered by hand."""
