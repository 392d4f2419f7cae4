"""Leading groups as temporary bodies."""
