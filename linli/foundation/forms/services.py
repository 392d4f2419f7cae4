"""Writes of the room `forms`: saving questions, freezing a version when it is first used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.forms import selectors
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.rules import BadSetError, from_json, to_json
from linli.foundation.forms.types import QuestionSet
from linli.foundation.journal import services as journal


@transaction.atomic
def save_form(*, by: Actor, now: datetime, code: str, title: str, questions: Mapping[str, Any]) -> FormVersion:
    """Save the questions of a form: into its newest version while nobody has used it, else as a new version.

    Raises:
        InvalidError: the questions cannot be; the message names the question.
    """
    try:
        wanted = from_json(questions)
    except BadSetError as error:
        raise InvalidError(
            _("问题“%(code)s”有误：%(what)s") % {"code": error.question, "what": error.what}, code="forms.bad_set"
        ) from error
    form, _made = Form.objects.get_or_create(code=code, defaults={"title": clean(title)})
    if form.title != clean(title):
        form.title = clean(title)
        form.save(update_fields=["title"])
    newest = FormVersion.objects.select_for_update().filter(form=form).order_by("-number").first()
    number = 1 if newest is None else newest.number + (newest.frozen_at is not None)
    content = to_json(QuestionSet(number, wanted.questions))
    if newest is not None and newest.frozen_at is None:
        newest.questions = content
        newest.save(update_fields=["questions"])
    else:
        newest = FormVersion.objects.create(form=form, number=number, questions=content, created_at=now)
    journal.record(
        by=by, verb="forms.save", kind="form", uuid=form.uuid, label=form.title, now=now,
        after={"version": number, "questions": content["questions"]},
    )  # fmt: skip
    return newest


@transaction.atomic
def use(*, by: Actor, now: datetime, code: str, number: int | None = None) -> FormVersion:
    """Return the version to be answered, frozen from now on: call it when the first answers are kept."""
    found = selectors.version(code, number)
    if found.frozen_at is None:
        changed = FormVersion.objects.filter(pk=found.pk, frozen_at=None).update(frozen_at=now)
        if changed:
            journal.record(
                by=by, verb="forms.freeze", kind="form", uuid=found.form.uuid, label=found.form.title, now=now,
                after={"version": found.number},
            )  # fmt: skip
        found.refresh_from_db()
    return found
