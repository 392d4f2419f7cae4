"""How the companies clear the bikes that they were told of."""
