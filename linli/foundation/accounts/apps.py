"""Registers the room `accounts` with Django."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room `accounts` on the floor `foundation`."""

    name = "linli.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what is kept how long."""
        import_module("linli.foundation.accounts.tasks")
