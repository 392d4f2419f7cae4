"""Registers the room `rulebook` with Django."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.timezone import localtime


class RulebookConfig(AppConfig):
    """The room `rulebook` on the floor `foundation`."""

    name = "linli.foundation.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Tell accounts, which stands below, for how long first passwords are good; register the room's sheet."""
        from linli.foundation.accounts import services  # noqa: PLC0415  models are loaded only now
        from linli.foundation.rulebook import selectors  # noqa: PLC0415

        services.first_passwords_live(
            lambda now: int(selectors.value("accounts.first_password_days", on=localtime(now).date()))
        )
        import_module("linli.foundation.rulebook.sheet_kinds").enter()
