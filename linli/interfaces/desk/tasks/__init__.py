"""Tasks of units."""
