"""Registers the room `places` with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The room `places` on the floor `foundation`."""

    name = "linli.foundation.places"
    label = "places"
