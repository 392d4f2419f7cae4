"""Programs that connect, and everybody's tokens."""
