"""Views of the workbench."""
