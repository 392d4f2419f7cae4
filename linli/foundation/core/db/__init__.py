"""Databases that serve one namespace at a time."""
