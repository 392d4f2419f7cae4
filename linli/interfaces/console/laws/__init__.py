"""The library of legal texts."""
