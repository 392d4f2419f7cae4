"""Sentences that staff insert while they write."""
