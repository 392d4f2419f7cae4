"""Reads of the room `forms`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.forms.models import FormVersion
from linli.foundation.forms.rules import from_json
from linli.foundation.forms.types import QuestionSet


def version(code: str, number: int | None = None) -> FormVersion:
    """Return a version of the form with ``code``: the newest, if no number is given.

    Raises:
        NotFoundError: there is none.
    """
    rows = FormVersion.objects.filter(form__code=code).select_related("form").order_by("-number")
    found = rows.first() if number is None else rows.filter(number=number).first()
    if found is None:
        raise NotFoundError(_("没有这张表单。"), code="forms.no_form")
    return found


def question_set(code: str, number: int | None = None) -> QuestionSet:
    """Return the questions of a version."""
    return from_json(version(code, number).questions)
