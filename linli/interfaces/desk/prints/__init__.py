"""Work orders and lists on paper."""
