"""What residents are told, shown and asked: notices, pictures, questions with anonymous answers; money spent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects.models import Ask, AskAnswer, Project, ProjectPhoto, Spending
from linli.engines.projects.rules import money
from linli.engines.projects.services.keeping import Faults, happened, locked, save_next
from linli.engines.projects.services.source_telling import tell_source
from linli.engines.projects.types import AskKind, Moved, PhotoMoment, ProjectState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.files import services as files
from linli.foundation.files.types import Content, Kind
from linli.foundation.forms import rules as form_rules
from linli.foundation.forms import selectors as forms
from linli.foundation.forms import services as form_services
from linli.foundation.journal import services as journal

PURPOSE, MOST_PHOTOS, MOST_CHOICES = "project", 60, 8
SATISFACTION = "projects.satisfaction"


@whole
def add_spending(*, by: Actor, now: datetime, uuid: UUID, on: date, cents: int, what: str, source: str) -> Spending:
    """Append money spent; a correction has a minus and never takes the sum below nothing.

    Raises:
        NotFoundError, ForbiddenError. InvalidError: by field.
    """
    project = locked(uuid, by)
    faults = Faults()
    words, place = faults.words("what", what, 120, needed=True), faults.words("source", source, 80, needed=True)
    if not cents or abs(cents) > money.LARGEST:
        faults.add("amount", _("请填写金额，更正以负数登记。"))
    elif project.spent_cents + cents < 0:
        faults.add("amount", _("更正后已支出不能少于 0 元。"))
    if on > timezone.localdate(now):
        faults.add("on", _("日期不能晚于今天。"))
    faults.check()
    row = Spending.objects.create(
        project=project, on=on, cents=cents, what=words, source=place, at=now, by_label=by.label[:80]
    )
    before = {"spent_cents": project.spent_cents}
    project.spent_cents += cents
    save_next(project, now)
    after = {"spent_cents": project.spent_cents, "cents": cents, "source": place}
    happened(project, "spend", by=by, now=now, text=words, before=before, after=after)
    return row


@whole
def tell_residents(*, by: Actor, now: datetime, uuid: UUID, text: str) -> None:
    """Tell everybody how the project stands: a step on its public page.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: it is not public. InvalidError: no words.
    """
    project = locked(uuid, by)
    if not project.public:
        raise ConflictError(
            _("项目没有公开，居民看不到。"), code="projects.not_public", hint=_("请先在项目中选择“向居民公开”。")
        )
    faults = Faults()
    words = faults.words("text", text, 500, needed=True)
    faults.check()
    happened(project, "notice", by=by, now=now, text=words, public=True)


def add_photo(
    *,
    by: Actor,
    now: datetime,
    uuid: UUID,
    content: Content,
    name: str,
    moment: str,
    spot: str,
    caption: str = "",
    public: bool = False,
) -> ProjectPhoto:
    """Add a picture of a spot before, during or after the work; ``public`` only where nobody can be known on it.

    Raises:
        NotFoundError, ForbiddenError. InvalidError: no spot. ConflictError: enough pictures.
        FileRefusedError: not a picture.
    """
    faults = Faults()
    place, words = faults.words("spot", spot, 40, needed=True), faults.words("caption", caption, 100)
    if moment not in PhotoMoment.values:
        faults.add("moment", _("请从列出的选项中选择。"))
    faults.check()
    with transaction.atomic():
        if locked(uuid, by).photos.count() >= MOST_PHOTOS:
            raise ConflictError(_("最多 %(most)s 张照片。") % {"most": MOST_PHOTOS}, code="projects.photos")
    stored = files.store(by=by, now=now, content=content, name=name, purpose=PURPOSE, only=[Kind.PHOTO])
    with transaction.atomic():
        project = locked(uuid, by)
        photo = ProjectPhoto.objects.create(
            project=project, file_id=stored.pk, moment=moment, spot=place, caption=words, public=public, at=now,
            by_label=by.label[:80],
        )  # fmt: skip
        after = {"file": str(stored.uuid), "moment": moment, "spot": place, "public": public}
        happened(project, "add_photo", by=by, now=now, text=words, after=after)
    return photo


@whole
def set_photo_public(*, by: Actor, now: datetime, uuid: UUID, photo_id: int, public: bool) -> None:
    """Clear a picture for everybody, or take it back.

    Raises:
        NotFoundError, ForbiddenError.
    """
    project = locked(uuid, by)
    if ProjectPhoto.objects.filter(project=project, pk=photo_id).update(public=public) != 1:
        raise NotFoundError(_("没有这张照片。"), code="projects.photo")
    happened(project, "clear_photo", by=by, now=now, before={"public": not public}, after={"public": public})


@whole
def ask_residents(
    *, by: Actor, now: datetime, uuid: UUID, title: str, choices: Sequence[str], opens_on: date, closes_on: date
) -> Ask:
    """Ask residents one question with choices and room for words; anonymous.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: not public. InvalidError: by field.
    """
    project = _public(locked(uuid, by))
    faults = Faults()
    words = faults.words("title", title, 80, needed=True)
    offered = [faults.words("choices", c, 40) for c in choices if c.strip()]
    if not 2 <= len(set(offered)) <= MOST_CHOICES or len(set(offered)) != len(offered):
        faults.add("choices", _("请填写 2 至 %(most)s 个不同的选项，每行一个。") % {"most": MOST_CHOICES})
    if closes_on < opens_on or closes_on < timezone.localdate(now):
        faults.add("closes_on", _("截止日期不能早于今天，也不能早于开始日期。"))
    faults.check()
    number = Ask.objects.filter(project=project).count() + 1
    code = f"project_{project.pk}_{number}"
    labels = [{"code": f"c{n}", "label": {"zh-hans": c}} for n, c in enumerate(offered, 1)]
    form = form_services.save_form(by=by, now=now, code=code, title=words, questions=_questions(words, labels))
    return _ask(project, AskKind.QUESTION, words, code, form.number, opens_on, closes_on, by, now)


@whole
def ask_satisfaction(*, by: Actor, now: datetime, uuid: UUID, closes_on: date) -> Ask:
    """Ask residents how satisfied they are with a finished project, and whether it solved what it was for.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: not public, not finished yet, or asked already.
        InvalidError: the last day is past.
    """
    project = _public(locked(uuid, by))
    if project.state not in {ProjectState.FINISHED, ProjectState.ACCEPTED}:
        raise ConflictError(_("完工后才能征集满意度。"), code="projects.state")
    if project.asks.filter(kind=AskKind.SATISFACTION).exists():
        raise ConflictError(_("已经在征集满意度。"), code="projects.asked")
    today = timezone.localdate(now)
    if closes_on < today:
        raise InvalidError(_("截止日期不能早于今天。"), fields={"closes_on": [_("截止日期不能早于今天。")]})
    form = form_services.save_form(by=by, now=now, code=SATISFACTION, title="项目满意度", questions=_satisfaction())
    words = _("您对这个项目满意吗？")
    tell_source(project, Moved.ASKED, now=now, until=closes_on)
    return _ask(project, AskKind.SATISFACTION, words, SATISFACTION, form.number, today, closes_on, by, now)


def _public(project: Project) -> Project:
    if not project.public:
        raise ConflictError(
            _("项目没有公开，居民看不到。"), code="projects.not_public", hint=_("请先在项目中选择“向居民公开”。")
        )
    return project


def _questions(title: str, labels: list[dict[str, Any]]) -> dict[str, Any]:
    choice = {"code": "choice", "type": "choice", "required": True, "label": {"zh-hans": title}, "choices": labels}
    words = {"code": "words", "type": "long_text", "label": {"zh-hans": "想补充的话（不要写姓名和电话）"}}
    return {"questions": [choice, words]}


def _satisfaction() -> dict[str, Any]:
    grades = (
        ("5", "很满意", "Very satisfied"),
        ("4", "满意", "Satisfied"),
        ("3", "一般", "Neither"),
        ("2", "不满意", "Dissatisfied"),
        ("1", "很不满意", "Very dissatisfied"),
    )
    labels = [{"code": f"g{code}", "label": {"zh-hans": zh, "en": en}} for code, zh, en in grades]
    found = _questions("您对这个项目满意吗？", labels)
    solved = {
        "code": "solved", "type": "yes_no", "required": True,
        "label": {"zh-hans": "当初要解决的问题解决了吗？", "en": "Did it solve what it was for?"},
    }  # fmt: skip
    found["questions"].insert(1, solved)
    return found


def _ask(
    project: Project, kind: AskKind, title: str, code: str, number: int, opens: date, closes: date, by: Actor,
    now: datetime,
) -> Ask:  # fmt: skip
    row = Ask.objects.create(
        project=project, kind=kind, title=title, form_code=code, form_number=number, opens_on=opens, closes_on=closes,
        at=now, by_label=by.label[:80],
    )  # fmt: skip
    after = {"ask": row.uuid, "kind": kind.value, "opens_on": opens, "closes_on": closes}
    happened(project, "ask", by=by, now=now, text=title, public=True, after=after)
    return row


def answer(*, by: Actor, now: datetime, ask: Ask, answers: Mapping[str, Any], browser: str) -> None:
    """Keep one anonymous answer; ``browser`` is a secret of the reader's browser, of which only a hash stays.

    Raises:
        InvalidError: by question. ConflictError: not open today, or answered from this browser already.
    """
    today = timezone.localdate(now)
    if not ask.opens_on <= today <= ask.closes_on:
        raise ConflictError(_("这次征集已经结束或还没有开始。"), code="projects.ask_closed")
    checked = form_rules.check(forms.question_set(ask.form_code, ask.form_number), answers)
    if not checked.ok:
        raise InvalidError(_("还有内容需要填写。"), code="projects.answers", fields=dict(checked.errors))
    mark = hashlib.sha256(f"{ask.uuid}:{browser}".encode()).hexdigest()
    kept = dict(checked.cleaned)
    if kept.get("words"):
        kept["words"] = Faults().words("words", str(kept["words"]), 500)
    try:
        with transaction.atomic():
            form_services.use(by=by, now=now, code=ask.form_code, number=ask.form_number)
            AskAnswer.objects.create(ask=ask, answers=kept, mark=mark, on=today)
            journal.record(
                by=by, verb="projects.answer", kind="project_ask", uuid=ask.uuid, label=ask.title[:80], now=now
            )
    except IntegrityError:
        raise ConflictError(_("这台设备已经回答过，谢谢！"), code="projects.answered") from None
