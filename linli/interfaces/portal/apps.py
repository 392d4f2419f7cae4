"""Registers the room `portal` with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The room `portal` on the floor `interfaces`."""

    name = "linli.interfaces.portal"
    label = "portal"
