"""Pure counting: the history of a case folded, shares with their intervals, percentiles."""
