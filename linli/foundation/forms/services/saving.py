"""Saving questions, freezing a version when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.forms import selectors
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.rules import BadSetError, from_json, problems, said, to_json, write_form
from linli.foundation.forms.types import Problem, QuestionSet, WholeForm
from linli.foundation.journal import services as journal


@whole
def save_whole_form(*, by: Actor, now: datetime, code: str, form: WholeForm, kind: str = "") -> FormVersion:
    """Save a whole form: into its newest version while nobody has used it, else as a new version.

    A form that is the same as the newest version but for its number makes no new one.

    Args:
        kind: what it is for, a code of ``types.KINDS``, where it is entered for the first time.

    Raises:
        InvalidError: the form cannot be; the message names the first item, ``fields`` all of them.
    """
    refuse_problems(problems(form))
    title = form.settings.title or code
    return _keep(
        by, now, code, title, lambda number: write_form(replace(form, version=number)), kind, same_is_same=True
    )


def refuse_problems(found: Sequence[Problem]) -> None:
    """Refuse a form that cannot be.

    Raises:
        InvalidError: there are problems; the message names the first item, ``fields`` all of them, ``problems`` in
            ``params`` holds them as they are.
    """
    if not found:
        return
    first, todo = said(found[0])
    fields: dict[str, list[str]] = {}
    for problem in found:
        fields.setdefault(problem.path, []).append("".join(said(problem)))
    message = _("问题“%(code)s”有误：%(what)s") % {"code": found[0].path, "what": first} if found[0].path else first
    raise InvalidError(message, code="forms.bad_form", hint=todo, fields=fields, problems=tuple(found))


@whole
def save_form(
    *, by: Actor, now: datetime, code: str, title: str, questions: Mapping[str, Any], kind: str = ""
) -> FormVersion:
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
    return _keep(by, now, code, title, lambda number: to_json(QuestionSet(number, wanted.questions)), kind)


def _keep(
    by: Actor,
    now: datetime,
    code: str,
    title: str,
    content_of: Callable[[int], dict[str, Any]],
    kind: str,
    *,
    same_is_same: bool = False,
) -> FormVersion:
    """Keep content as the newest version; into the newest one, while it is not frozen."""
    first = {"title": clean(title), "whole": same_is_same, "kind": kind}
    form, _made = Form.objects.get_or_create(code=code, defaults=first)
    if form.title != clean(title):
        form.title = clean(title)
        form.save(update_fields=["title"])
    newest = FormVersion.objects.select_for_update().filter(form=form).order_by("-number").first()
    if same_is_same and newest is not None and newest.published_at and newest.questions == content_of(newest.number):
        return newest
    number = 1 if newest is None else newest.number + (newest.frozen_at is not None)
    content = content_of(number)
    if newest is not None and newest.frozen_at is None:
        newest.questions = content
        newest.edition += 1
        newest.published_at = newest.published_at or now
        newest.changed_at, newest.changed_label = now, by.label[:80]
        newest.save()
    else:
        newest = FormVersion.objects.create(
            form=form, number=number, questions=content, created_at=now, published_at=now, changed_at=now,
            changed_label=by.label[:80],
        )  # fmt: skip
    # A whole form may hold ten thousand choices; they stand in the version itself.
    told = {"questions": content["questions"]} if "questions" in content else {"items": len(content["items"])}
    journal.record(
        by=by, verb="forms.save", kind="form", uuid=form.uuid, label=form.title, now=now,
        after={"version": number, **told},
    )  # fmt: skip
    return newest


@whole
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
