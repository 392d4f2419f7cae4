"""Webhooks: who is told over HTTP of what happens, signed, again until it arrives."""
