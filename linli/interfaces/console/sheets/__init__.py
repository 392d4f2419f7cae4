"""Sheets in and out: what there is, bringing one, checking, applying, undoing."""
