"""Registers the face `open311` with Django."""

from django.apps import AppConfig


class Open311Config(AppConfig):
    """The face `open311` on the floor `interfaces`."""

    name = "linli.interfaces.open311"
    label = "open311"
