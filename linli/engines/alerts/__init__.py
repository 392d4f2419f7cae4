"""Warnings of the city: taken in, in force, updated, lifted, acknowledged."""
