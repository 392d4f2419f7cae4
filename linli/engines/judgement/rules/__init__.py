"""Pure functions of the room `judgement`."""
