"""What the faces share: shells, components, errors, preferences."""
