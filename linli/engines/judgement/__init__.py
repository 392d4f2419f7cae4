"""What helps a person to decide: category, duplicates, hot topics, the quality of a reply, places in a text."""
