"""Messages of residents: those that wait for a person, and what became of all others."""
