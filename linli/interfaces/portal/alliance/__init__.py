"""The public lists of the alliance."""
