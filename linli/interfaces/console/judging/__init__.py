"""How suggestions of categories do, and which version suggests."""
