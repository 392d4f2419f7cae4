"""Sheets in and out: kinds that rooms register, dry run, rows to mend, applying with progress, undo."""
