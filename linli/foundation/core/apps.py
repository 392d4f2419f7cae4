"""Registers the room `core` with Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The room `core` on the floor `foundation`."""

    name = "linli.foundation.core"
    label = "core"
