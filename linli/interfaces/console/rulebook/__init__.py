"""The rulebook: every number with its source and days, and how it is changed."""
