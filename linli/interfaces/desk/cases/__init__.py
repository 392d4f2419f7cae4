"""The workbench: list, map, detail, acts."""
