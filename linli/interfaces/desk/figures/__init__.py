"""Figures: chosen, told apart, opened down to the rows, watched, taken out."""
