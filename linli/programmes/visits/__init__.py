"""四百走访: visits to households, shops and companies, what they need, and who was reached."""
