"""Measures size and speed: ``make bench``. See docs/reference/benchmarks.md for what it found."""
