"""Lists as a table file."""
