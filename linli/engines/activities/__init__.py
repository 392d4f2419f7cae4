"""Anything with a time and a place: meetings, their agenda, who came, what was decided."""
