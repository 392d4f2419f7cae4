"""Thanks that may be read by everybody."""
