"""The forms of the types of points as an edition makes them, and those that somebody changed in the designer since."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from linli.foundation.forms import selectors as forms
from linli.foundation.forms.rules import write_form
from linli.foundation.forms.types import WholeForm
from linli.programmes.civility.models import Edition, PointType, Standard
from linli.programmes.civility.rules.forming import Item, form_of, in_order
from linli.programmes.civility.types import EditionState, Way


def form_code(point_type: str) -> str:
    """Return the code of the form of a type of point."""
    return f"civility.{point_type}"


def made_of(edition: Edition) -> dict[str, WholeForm]:
    """Return code → form of each type of point of which an edition has standards that are seen on the spot."""
    standards = list(Standard.objects.filter(edition=edition, way=Way.FIELD))
    found = {}
    for kind in PointType.objects.all():
        items = [_item(s) for s in standards if s.point_type_id == kind.pk]
        if items:
            code = form_code(kind.code)
            found[code] = form_of(code, _("%(type)s自测表") % {"type": kind.name}, in_order(items))
    return found


def altered_forms(edition: Edition) -> dict[str, WholeForm]:
    """Return code → form of those that an edition would replace and whose newest version no edition made.

    It is drawn from the newest version, a draft too: what a person changed in the designer, or took from the library.
    """
    used = Edition.objects.filter(state=EditionState.PUBLISHED).first()
    before = made_of(used) if used is not None else {}
    there = forms.codes()
    found = {}
    for code in made_of(edition):
        if code in there:
            newest = forms.versions_of(code)[0]
            own = before.get(code)
            if own is None or write_form(replace(own, version=newest.number)) != newest.questions:
                found[code] = forms.form_of(newest)
    return found


def _item(row: Standard) -> Item:
    return Item(
        row.code, row.project, row.content, row.text, row.guide, row.full, row.weight, row.veto, row.photo,
        row.categories[0] if row.categories else "",
    )  # fmt: skip
