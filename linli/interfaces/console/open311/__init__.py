"""The standard interface for residents' apps: where it is, its keys, and how much came in by each."""
