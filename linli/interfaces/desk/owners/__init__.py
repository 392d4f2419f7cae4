"""业委会: the yearly evaluation of how committees run, at the desk."""
