"""The catalogue of problems: shaped as drafts, looked at on a phone, published as versions."""
