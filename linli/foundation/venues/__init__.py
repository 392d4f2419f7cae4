"""Venues: where the neighbourhood's services are, when they are open; and the posters that lead there."""
