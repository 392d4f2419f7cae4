"""What I owe this week: one list over everything that waits for a person or a unit."""
