"""``linli simulate``."""
