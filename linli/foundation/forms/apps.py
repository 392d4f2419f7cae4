"""Registers the room `forms` with Django."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """The room `forms` on the floor `foundation`."""

    name = "linli.foundation.forms"
    label = "forms"
