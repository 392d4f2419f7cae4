"""Registers the face `api` with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The face `api` on the floor `interfaces`."""

    name = "linli.interfaces.api"
    label = "api"
