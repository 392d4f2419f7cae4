"""Registers the room `files` with Django."""

from importlib import import_module

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room `files` on the floor `foundation`."""

    name = "linli.foundation.files"
    label = "files"

    def ready(self) -> None:
        """Register the jobs of this room."""
        import_module("linli.foundation.files.tasks")
