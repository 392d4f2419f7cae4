"""Webhooks: where events are told to, and what arrived."""
