"""Every list of the desk as a file: at once where it is short, by the worker where it is long; one's own exports."""
