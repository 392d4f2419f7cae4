"""Jobs that failed for good: seen, sent again, discarded."""
