"""Meetings: planning, signing in, minuting; series; topics; the deputies' records."""
