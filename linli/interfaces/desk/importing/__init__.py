"""Importing sheets on a page: upload, mapping, dry run, result."""
