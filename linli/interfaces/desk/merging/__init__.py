"""Comparing, merging, splitting."""
