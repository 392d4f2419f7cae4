"""Registers the room `portal` with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The room `portal` on the floor `interfaces`."""

    name = "linli.interfaces.portal"
    label = "portal"

    def ready(self) -> None:
        """Tell the shells who is called from the foot of every page."""
        from linli.interfaces.portal import committee  # noqa: PLC0415  Django must be set up
        from linli.interfaces.web import context  # noqa: PLC0415

        context.provide("place_name", committee.place_name)
        context.provide("committee_name", committee.name)
        context.provide("committee_phone", committee.phone)
