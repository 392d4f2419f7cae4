"""Who can log in, and their sessions."""
