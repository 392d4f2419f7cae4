"""SQLite: one file per namespace."""
