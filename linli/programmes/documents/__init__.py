"""Documents in: texts, what they say, and what becomes of it."""
