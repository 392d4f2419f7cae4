"""The published forms of a purpose, as pages that plan offer them; where there is none, what to do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.forms import selectors
from linli.interfaces.desk.doors import actor_of

LIBRARY = ("shift_leader", "street_leader", "supervisor", "system_admin")
"""Who reads the library of forms."""


def form_field() -> forms.ChoiceField:
    """Return a field to choose a form in; :func:`offer` fills it."""
    return forms.ChoiceField(label=gettext_lazy("表单"))


def offer(form: forms.Form, *kinds: str) -> None:
    """Offer the published forms of these purposes in the field ``form``; the only one is chosen already."""
    field: Any = form.fields["form"]
    field.choices = selectors.made_for(*kinds)
    if field.choices:
        field.initial = field.choices[0][0]


def lacking(request: HttpRequest, *kinds: str) -> dict[str, str]:
    """Return what a page says where no form of these purposes is published: the words, and where one is adopted."""
    if selectors.made_for(*kinds):
        return {}
    link = reverse("console:form_library") if actor_of(request).has_role(*LIBRARY) else ""
    words = _(
        "还没有用于这项工作的表单。请系统管理员在“管理 → 表单 → 表单库”采用随附的表单，"
        "或把自己的表单的“用途”设为这一项。"
    )
    return {"words": words, "url": link}
