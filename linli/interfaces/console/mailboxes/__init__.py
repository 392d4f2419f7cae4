"""Mailboxes that residents write to: set up, tried, watched."""
