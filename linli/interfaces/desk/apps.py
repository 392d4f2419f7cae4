"""Registers the room `desk` with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room `desk` on the floor `interfaces`."""

    name = "linli.interfaces.desk"
    label = "desk"
