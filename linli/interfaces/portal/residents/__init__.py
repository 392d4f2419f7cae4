"""Residents with a login: registering, and the list of their own reports."""
