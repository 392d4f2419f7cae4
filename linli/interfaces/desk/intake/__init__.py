"""Registering a problem on behalf of anyone; asking a department (吹哨)."""
