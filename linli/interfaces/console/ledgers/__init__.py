"""Which ledgers of what is visited there are, and what each asks."""
