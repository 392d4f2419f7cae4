"""What was asked of each 居民区, and giving a task to a unit."""
