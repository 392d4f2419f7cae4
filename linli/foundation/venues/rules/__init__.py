"""Pure rules of the room `venues`: opening hours, station standards, posters' codes."""
