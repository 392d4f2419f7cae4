"""Pure rules of the room `alliance`: names, standing, quantities and shares, matching, rotation."""
