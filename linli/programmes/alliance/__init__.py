"""The alliance of member organisations: members, terms, committees, lists, claims, agreements."""
