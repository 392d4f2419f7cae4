"""Message templates: what people are told, in own words where an installation wants them."""
