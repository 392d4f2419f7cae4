"""Topics: named (识题), owned (领题), solved with evidence (破题), accepted; and the readings of the standing ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import Reading, Topic, TopicFile, TopicNote
from linli.engines.activities.permissions import OF_UNIT, may_own, may_raise, may_read_entry, may_steer
from linli.engines.activities.rules.finding import words
from linli.engines.activities.services.steps import need, record, told, wrong
from linli.engines.activities.services.telling import tell_passed
from linli.engines.activities.types import NewReading, NewTopic
from linli.engines.activities.workflow import TOPIC, TopicState, next_topic
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.people import selectors as people

MOST_FILES = 9


def _note(by: Actor, now: datetime, verb: str, topic: Topic, **more: Any) -> None:
    record(by, now, verb, "topic", topic.uuid, topic.title, **more)


def _attach(note: TopicNote, files: Sequence[int]) -> int:
    """Keep the files that came with a note, each once; return how many."""
    found = list(dict.fromkeys(files))
    if len(found) > MOST_FILES:
        raise wrong("files", _("一次最多 %(n)s 个文件。") % {"n": MOST_FILES})
    TopicFile.objects.bulk_create(TopicFile(topic_id=note.topic_id, note=note, file_id=pk) for pk in found)
    return len(found)


def raise_row(data: NewTopic, *, by: Actor, now: datetime) -> Topic:
    """Enter a topic; permissions are the caller's."""
    need(title=data.title)
    title, text = told(data.title, 120), told(data.text, 4_000)
    topic = Topic.objects.create(
        title=title,
        text=text,
        words=words(title, text),
        difficulty=data.difficulty,
        series_id=data.series_id,
        area_id=data.area_id,
        raised_at=now,
        raised_label=by.label,
        raised_unit_id=next((g.unit_id for g in by.grants if g.unit_id is not None and g.role in OF_UNIT), None),
    )
    note = TopicNote.objects.create(
        topic=topic, meeting_id=data.meeting_id, step="raise", text=text, at=now, by_label=by.label
    )
    files = _attach(note, data.files)
    _note(by, now, "raise_topic", topic, after={"difficulty": data.difficulty, "files": files})
    return topic


@whole
def raise_topic(*, by: Actor, now: datetime, data: NewTopic) -> Topic:
    """Raise a topic: any working person may say what is hard.

    Raises:
        ForbiddenError: nobody who works here. InvalidError: no title.
    """
    if not may_raise(by):
        raise ForbiddenError(_("难题由各单位、居民区提出。"), code="activities.topic")
    return raise_row(data, by=by, now=now)


def apply_step(
    topic: Topic, code: str, data: Mapping[str, Any], *, by: Actor, now: datetime, meeting_id: int | None = None
) -> TopicNote:
    """Do one step of a topic's life: compare and set, with its note and journal entry.

    Raises:
        ConflictError: it does not stand where the step begins. StaleError: somebody changed it meanwhile.
    """
    to = next_topic(code, topic.state)
    if to is None:
        raise ConflictError(
            _("难题现在是“%(state)s”，不能“%(step)s”。")
            % {"state": TopicState(topic.state).label, "step": TOPIC[code].label},
            code="activities.topic_state",
            hint=_("请刷新后查看。"),
        )
    values: dict[str, Any] = {"state": to}
    if code == "own":
        values |= {"unit_id": data["unit_id"], "user_id": data.get("user_id"), "due_on": data["due_on"]}
    if code == "pass":
        values |= {"user_id": data["user_id"]}
    if code == "solve":
        values |= {"result": told(data["result"], 4_000), "evidence": told(data["evidence"], 4_000)}
    if code in {"accept", "drop"}:
        values |= {"closed_at": now, "closed_label": by.label}
    rows = Topic.objects.filter(pk=topic.pk, version=topic.version)
    if rows.update(**values, version=F("version") + 1) != 1:
        raise StaleError(_("难题已被他人更新。"), code="activities.stale", hint=_("请刷新后再操作。"))
    before = {"state": topic.state} | ({"user": topic.user_id} if code == "pass" else {})
    topic.refresh_from_db()
    text = told(str(data.get("text") or data.get("result") or ""), 4_000)
    note = TopicNote.objects.create(topic=topic, meeting_id=meeting_id, step=code, text=text, at=now, by_label=by.label)
    after = {"state": to, "unit": topic.unit_id, "due_on": topic.due_on.isoformat() if topic.due_on else None}
    after |= {"user": topic.user_id} if code == "pass" else {}
    if files := _attach(note, data.get("files", ())):
        after["files"] = files
    _note(
        by, now, f"topic_{code}", topic, before=before, after=after, reason=told(str(data.get("reason") or text), 300)
    )
    return note


@whole
def own_topic(
    *, by: Actor, now: datetime, topic: Topic, unit_id: int, due_on: date, user_id: int | None = None, text: str = ""
) -> Topic:
    """Give a topic its owner (领题): a unit and, if named, a person, with the day; its own head may take it on.

    Raises:
        ForbiddenError: neither who steers nor the unit's head. ConflictError: it is solved or closed.
    """
    if not may_steer(by) and not by.holds(OF_UNIT, unit_id=unit_id):
        raise ForbiddenError(_("领题由街道确定，或由本单位认领。"), code="activities.own")
    apply_step(topic, "own", {"unit_id": unit_id, "user_id": user_id, "due_on": due_on, "text": text}, by=by, now=now)
    return topic


@whole
def pass_topic(*, by: Actor, now: datetime, topic: Topic, user_id: int | None, reason: str) -> Topic:
    """Hand a topic over to somebody of the unit that took it on, or back to the unit alone (None), with the reason.

    Whoever it is handed to is told.

    Raises:
        ForbiddenError: neither the owner nor who steers. InvalidError: no reason, not of the unit, who has it already.
        ConflictError: nobody has taken it on, or it is solved. StaleError: somebody changed it meanwhile.
    """
    need(reason=reason)
    if not (may_own(by, topic) or may_steer(by)):
        raise ForbiddenError(_("难题由领题单位和街道转交。"), code="activities.pass")
    if topic.unit_id is not None and user_id == topic.user_id:
        raise wrong("user", _("已经由其负责，请另选一位。"))
    titles = {h.user_id: h.title for h in people.members_of(topic.unit_id or -1, now=now)}
    if user_id is not None and user_id not in titles:
        raise wrong("user", _("请选择领题单位的人员。"))
    who = titles[user_id] if user_id is not None else _("本单位")
    text = _("交给%(who)s：%(why)s") % {"who": who, "why": reason}
    apply_step(topic, "pass", {"user_id": user_id, "text": text, "reason": reason}, by=by, now=now)
    if user_id is not None and user_id != by.user_id:
        tell_passed(topic, user_id, by, now, told(reason, 300))
    return topic


@whole
def solve_topic(
    *, by: Actor, now: datetime, topic: Topic, result: str, evidence: str, files: Sequence[int] = ()
) -> Topic:
    """Hand in the result with its evidence (破题), in words, files or both; it waits for acceptance.

    Raises:
        ForbiddenError: not the owner. InvalidError: result or evidence is missing. ConflictError: it is not owned.
    """
    if files and not clean(evidence):
        evidence = _("见所附照片和文件（%(n)s 份）。") % {"n": len(files)}
    need(result=result, evidence=evidence)
    if not may_own(by, topic):
        raise ForbiddenError(_("破题由领题单位提交。"), code="activities.solve", hint=_("请联系领题单位。"))
    apply_step(topic, "solve", {"result": result, "evidence": evidence, "files": files}, by=by, now=now)
    return topic


@whole
def judge_topic(*, by: Actor, now: datetime, topic: Topic, code: str, text: str = "") -> Topic:
    """Accept what was handed in, send it back, or drop the topic; the last two with a reason.

    Raises:
        ForbiddenError: not who steers, or it is one's own result. InvalidError: no reason.
    """
    if code not in {"accept", "return", "drop"}:
        raise wrong("act", _("请选择对难题的处理。"))
    if code != "accept":
        need(text=text)
    if not may_steer(by):
        raise ForbiddenError(_("验收由街道负责。"), code="activities.judge")
    own = by.user_id is not None and topic.user_id == by.user_id
    if code == "accept" and own:
        raise ForbiddenError(_("不能验收自己领的题。"), code="activities.judge", hint=_("请由他人验收。"))
    apply_step(topic, code, {"text": text}, by=by, now=now)
    return topic


@whole
def add_note(*, by: Actor, now: datetime, topic: Topic, text: str, files: Sequence[int] = ()) -> TopicNote:
    """Say how a topic is coming on, with photos or files that show it; the owner and who steers."""
    need(text=text)
    if not (may_own(by, topic) or may_steer(by)):
        raise ForbiddenError(_("进展由领题单位和街道登记。"), code="activities.note")
    row = TopicNote.objects.create(topic=topic, step="note", text=told(text, 4_000), at=now, by_label=by.label)
    _note(by, now, "topic_note", topic, after={"length": len(row.text), "files": _attach(row, files)})
    return row


@whole
def flag_difficulty(*, by: Actor, now: datetime, topic: Topic, difficulty: bool) -> Topic:
    """Put a topic on the difficulty list (难点堵点), or take it off."""
    if not may_steer(by):
        raise ForbiddenError(_("难点堵点清单由街道维护。"), code="activities.difficulty")
    Topic.objects.filter(pk=topic.pk).update(difficulty=difficulty)
    _note(by, now, "flag", topic, before={"difficulty": topic.difficulty}, after={"difficulty": difficulty})
    topic.difficulty = difficulty
    return topic


@whole
def read_standing(*, by: Actor, now: datetime, data: NewReading) -> Reading:
    """Enter a standing topic's value and note for a 居民区 in a month, in place of what was there.

    Raises:
        ForbiddenError: another 居民区. InvalidError: no such topic, a negative value, nothing said, a future month.
    """
    if data.standing not in selectors.standing_topics():
        raise wrong("standing", _("没有这个常设专题。"))
    if not may_read_entry(by, data.unit_id):
        raise ForbiddenError(_("各居民区登记本居民区的进展。"), code="activities.reading")
    if data.value is not None and not 0 <= data.value < 10_000_000:
        raise wrong(f"value_{data.unit_id}", _("数值应不小于 0。"))
    month = data.month.replace(day=1)
    old = Reading.objects.filter(standing=data.standing, unit=data.unit_id, month=month).first()
    values = {"value": data.value, "note": told(data.note, 300), "at": now, "by_label": by.label}
    row, _made = Reading.objects.update_or_create(
        standing=data.standing, unit_id=data.unit_id, month=month, defaults=values
    )
    label = f"{data.standing} {month:%Y-%m}"
    before = {"value": str(old.value), "note": old.note} if old else None
    after = {"unit": data.unit_id, "value": str(data.value), "note": clean(row.note)}
    record(by, now, "read_standing", "reading", None, label, before=before, after=after)
    return row


@whole
def hand_over(*, from_user: int, to_user: int | None, by: Actor, now: datetime) -> int:
    """Pass the open topics of a person to another, or to the unit alone; return how many."""
    rows = list(Topic.objects.select_for_update().filter(user=from_user, closed_at__isnull=True))
    for topic in rows:
        Topic.objects.filter(pk=topic.pk).update(user=to_user, version=F("version") + 1)
        _note(by, now, "hand_over", topic, before={"user": from_user}, after={"user": to_user})
    return len(rows)
