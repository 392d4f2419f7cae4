"""Pure rules of the room `alerts`."""
