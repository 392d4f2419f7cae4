"""How often a form is used."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from linli.engines.fieldwork.models import Round


def rounds_by_form(codes: Collection[str]) -> dict[str, int]:
    """Return code of a form → how many rounds use it, whoever's they are; it says no more of them."""
    rows = Round.objects.filter(form__code__in=codes).order_by()
    return dict(rows.values_list("form__code").annotate(n=Count("id")))
