"""Calling people back about closed cases."""
