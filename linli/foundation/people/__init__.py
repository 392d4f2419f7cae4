"""Units, posts, who holds them, and who is on."""
