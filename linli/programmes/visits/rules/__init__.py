"""Pure rules of the room `visits`."""
