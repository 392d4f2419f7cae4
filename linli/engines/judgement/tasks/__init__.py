"""What the room `judgement` does by itself."""
