"""A form in the making: a draft version that nobody fills until it is published."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.forms import selectors
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.rules import problems, write_form
from linli.foundation.forms.rules.editing import UNFINISHED
from linli.foundation.forms.services.saving import refuse_problems
from linli.foundation.forms.types import KINDS, Settings, WholeForm
from linli.foundation.journal import services as journal

_CODE = re.compile(r"[a-z][a-z0-9_]{1,47}")


@whole
def new_form(
    *, by: Actor, now: datetime, code: str, title: str, kind: str = "other", form: WholeForm | None = None
) -> FormVersion:
    """Begin a form: its first version is a draft, empty or with what ``form`` holds.

    Raises:
        InvalidError: the code or the title cannot be, the code is taken, or ``form`` cannot be.
    """
    code, title = clean(code), clean(title)
    if not _CODE.fullmatch(code):
        words = _("代码用小写英文字母开头，只含小写字母、数字和下划线，2 到 48 个。")
        raise InvalidError(words, code="forms.code", fields={"code": [words]})
    if not title:
        words = _("请写明表单名称。")
        raise InvalidError(words, code="forms.title", fields={"title": [words]})
    if kind not in KINDS:
        raise InvalidError(_("没有这个用途。"), code="forms.kind", fields={"kind": [_("没有这个用途。")]})
    content = form or WholeForm(Settings(), ())
    content = replace(content, version=1, settings=replace(content.settings, title=title, form_id=code))
    refuse_problems([p for p in problems(content) if p.what not in UNFINISHED])
    try:
        with transaction.atomic():
            row = Form.objects.create(code=code, title=title[:200], whole=True, kind=kind)
    except IntegrityError as error:
        words = _("已有代码为“%(code)s”的表单。") % {"code": code}
        raise InvalidError(words, code="forms.taken", fields={"code": [words]}) from error
    found = FormVersion.objects.create(
        form=row, number=1, questions=write_form(content), created_at=now, changed_at=now, changed_label=by.label[:80]
    )
    _told(by, now, row, "forms.begin", found)
    return found


@whole
def save_draft(*, by: Actor, now: datetime, code: str, form: WholeForm, expected: int) -> FormVersion:
    """Save a form as its draft; a published version stays, the draft is the next one.

    Args:
        by: who changes it.
        now: when.
        code: the form.
        form: all of it; its title and code are the form's own.
        expected: the edition of the newest version that was changed.

    Raises:
        NotFoundError: there is no such form. InvalidError: it cannot be. StaleError: somebody changed it meanwhile.
    """
    row, newest = _locked(code)
    if newest.edition != expected:
        raise StaleError(
            _("%(who)s 在您打开之后改过这张表单。") % {"who": newest.changed_label or _("有人")}, code="forms.stale",
            hint=_("您填写的都还在，核对后再保存一次即可。"), edition=newest.edition,
        )  # fmt: skip
    title = clean(form.settings.title) or row.title
    number = newest.number + (newest.published_at is not None)
    form = replace(form, version=number, settings=replace(form.settings, title=title, form_id=code))
    refuse_problems([p for p in problems(form) if p.what not in UNFINISHED])
    content = write_form(form)
    if content == {**newest.questions, "version": number}:
        return newest
    if newest.published_at is None:
        newest.questions, newest.edition = content, newest.edition + 1
        newest.changed_at, newest.changed_label = now, by.label[:80]
        newest.save(update_fields=["questions", "edition", "changed_at", "changed_label"])
        return newest
    made = FormVersion.objects.create(
        form=row, number=number, questions=content, created_at=now, edition=newest.edition + 1, changed_at=now,
        changed_label=by.label[:80],
    )  # fmt: skip
    _told(by, now, row, "forms.draft", made)
    return made


@whole
def publish_draft(*, by: Actor, now: datetime, code: str, expected: int) -> FormVersion:
    """Put the draft into use.

    Raises:
        NotFoundError: there is no such form. ConflictError: there is no draft. StaleError: it is another by now.
        InvalidError: it is unfinished; ``fields`` says where.
    """
    row, newest = _draft(code, expected)
    form = selectors.form_of(newest)
    refuse_problems(problems(form))
    newest.published_at, newest.edition = now, newest.edition + 1
    newest.changed_at, newest.changed_label = now, by.label[:80]
    newest.save(update_fields=["published_at", "edition", "changed_at", "changed_label"])
    if row.title != form.settings.title:
        row.title = form.settings.title[:200]
        row.save(update_fields=["title"])
    _told(by, now, row, "forms.publish", newest)
    return newest


@whole
def discard_draft(*, by: Actor, now: datetime, code: str, expected: int) -> bool:
    """Drop the draft; a form that was never published goes with it. Return whether the form is still there.

    Raises:
        NotFoundError: there is no such form. ConflictError: there is no draft. StaleError: it is another by now.
    """
    row, newest = _draft(code, expected)
    _told(by, now, row, "forms.discard", newest)
    stays = newest.number > 1
    newest.delete()
    if not stays:
        row.delete()
        return False
    # The edition goes on, so that a page of the draft that is gone is told.
    former = FormVersion.objects.filter(form=row).order_by("-number").first()
    if former is not None:
        FormVersion.objects.filter(pk=former.pk).update(edition=newest.edition + 1)
    return True


@whole
def set_kind(*, by: Actor, now: datetime, code: str, kind: str) -> None:
    """Say what a form is for."""
    row = selectors.form(code)
    if kind not in KINDS:
        raise InvalidError(_("没有这个用途。"), code="forms.kind", fields={"kind": [_("没有这个用途。")]})
    if row.kind != kind:
        before, row.kind = row.kind, kind
        row.save(update_fields=["kind"])
        journal.record(
            by=by, verb="forms.kind", kind="form", uuid=row.uuid, label=row.title, now=now,
            before={"kind": before}, after={"kind": kind},
        )  # fmt: skip


def _locked(code: str) -> tuple[Form, FormVersion]:
    row = selectors.form(code)
    newest = FormVersion.objects.select_for_update().filter(form=row).order_by("-number").first()
    if newest is None:
        raise ConflictError(_("这张表单没有版本。"), code="forms.no_version")
    return row, newest


def _draft(code: str, expected: int) -> tuple[Form, FormVersion]:
    row, newest = _locked(code)
    if newest.published_at is not None:
        raise ConflictError(_("没有待发布的草稿。"), code="forms.no_draft", hint=_("可能已由别人发布或放弃，请刷新。"))
    if newest.edition != expected:
        raise StaleError(
            _("%(who)s 在您打开之后改过这张表单。") % {"who": newest.changed_label or _("有人")}, code="forms.stale",
            hint=_("请看过最新的内容后再发布。"),
        )  # fmt: skip
    return row, newest


def _told(by: Actor, now: datetime, row: Form, verb: str, version: FormVersion) -> None:
    journal.record(
        by=by, verb=verb, kind="form", uuid=row.uuid, label=row.title, now=now,
        after={"version": version.number, "items": len(version.questions.get("items") or ())},
    )  # fmt: skip
