"""Who answers for a place, and who is on duty, for those on foot."""
