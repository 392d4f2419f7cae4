"""The stories of the source texts, from the first word to the answer, as the people in them see it."""
