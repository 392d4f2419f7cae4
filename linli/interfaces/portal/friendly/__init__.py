"""The friendly merchants, for everybody."""
