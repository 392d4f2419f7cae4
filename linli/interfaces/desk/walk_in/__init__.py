"""The walk-in desks for those who sit at them."""
