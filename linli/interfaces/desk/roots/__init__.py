"""Repeated causes: where one may lie, and the cases opened for them."""
