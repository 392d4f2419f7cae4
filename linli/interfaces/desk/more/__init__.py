"""The ledgers and registers beside the cases, on one page."""
