"""Registers the room `accounts` with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room `accounts` on the floor `foundation`."""

    name = "linli.foundation.accounts"
    label = "accounts"
