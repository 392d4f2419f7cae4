"""Areas with dates, addresses, places; which area a point lies in."""
