"""Routing rules: to read, change in a draft, try out and put in force."""
