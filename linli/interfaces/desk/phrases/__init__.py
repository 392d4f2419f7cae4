"""Shipped sentences to insert."""
