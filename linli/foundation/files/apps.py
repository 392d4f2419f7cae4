"""Registers the room `files` with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room `files` on the floor `foundation`."""

    name = "linli.foundation.files"
    label = "files"
