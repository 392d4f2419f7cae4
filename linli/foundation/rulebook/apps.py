"""Registers the room `rulebook` with Django."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The room `rulebook` on the floor `foundation`."""

    name = "linli.foundation.rulebook"
    label = "rulebook"
