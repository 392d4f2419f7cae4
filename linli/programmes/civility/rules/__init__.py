"""Pure rules of the room `civility`: forms out of standards, sums, editions compared, themes missing."""
