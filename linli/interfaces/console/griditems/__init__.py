"""What must be in every grid: the list, and where something is missing."""
