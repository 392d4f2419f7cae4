"""Setting up the stations."""
