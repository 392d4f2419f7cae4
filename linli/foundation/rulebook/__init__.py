"""Dated parameters with their source, and the working calendar."""
