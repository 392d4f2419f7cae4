"""Lists taken out as files: at once where they are short, by the worker where they are long."""
