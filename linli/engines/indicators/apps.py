"""Registers the room `indicators` with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The room `indicators` on the floor `engines`."""

    name = "linli.engines.indicators"
    label = "indicators"
