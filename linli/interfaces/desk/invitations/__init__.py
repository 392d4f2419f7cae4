"""Inviting people by their posts, and who came."""
