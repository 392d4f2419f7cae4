"""REST for programs under `/api/v1`, and what is told to them."""
