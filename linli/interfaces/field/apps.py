"""Registers the room `field` with Django."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """The room `field` on the floor `interfaces`."""

    name = "linli.interfaces.field"
    label = "field"
