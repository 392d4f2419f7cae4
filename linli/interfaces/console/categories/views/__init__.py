"""The pages of the catalogue of problems."""
