"""PostgreSQL: one schema per namespace."""
