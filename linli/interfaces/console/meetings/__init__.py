"""Kinds of meetings: what they begin with, whom they invite, how their minutes are put out."""
