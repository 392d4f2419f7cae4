"""Registers the room `web` with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room `web` on the floor `interfaces`."""

    name = "linli.interfaces.web"
    label = "web"
