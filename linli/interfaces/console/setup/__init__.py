"""The set-up path of a subdistrict."""
