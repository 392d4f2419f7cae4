"""From rows to what the templates draw."""
