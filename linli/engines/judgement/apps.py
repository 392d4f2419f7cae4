"""Registers the room `judgement` with Django."""

from django.apps import AppConfig


class JudgementConfig(AppConfig):
    """The room `judgement` on the floor `engines`."""

    name = "linli.engines.judgement"
    label = "judgement"
