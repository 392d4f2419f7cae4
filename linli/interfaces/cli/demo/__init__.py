"""The demonstration subdistrict."""
