"""Registers the room `console` with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The room `console` on the floor `interfaces`."""

    name = "linli.interfaces.console"
    label = "console"
