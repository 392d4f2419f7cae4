"""The rooms of the house as the API shows them, one module each."""
