"""Who is at which desk when."""
