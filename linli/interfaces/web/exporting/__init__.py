"""Lists and papers as files: how a list is said, and the pages from which a file is begun, followed and fetched."""
