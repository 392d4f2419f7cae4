"""Evidence: originals kept encrypted, hashes, and what of them may be shown."""
