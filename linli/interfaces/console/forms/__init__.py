"""Forms: their list, their designer, the library of ready ones."""
