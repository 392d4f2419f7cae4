"""The programmes that stand on fieldwork, on one page."""
