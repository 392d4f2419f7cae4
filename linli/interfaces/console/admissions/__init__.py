"""The list of what may be asked of a 居民区."""
