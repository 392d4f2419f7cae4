"""Registers the face `openrosa` with Django."""

from django.apps import AppConfig


class OpenRosaConfig(AppConfig):
    """The face `openrosa` on the floor `interfaces`."""

    name = "linli.interfaces.openrosa"
    label = "openrosa"
