"""Doors of the room `judgement`."""
