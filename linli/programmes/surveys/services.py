"""Writes of the room `surveys`: planning, drawing, opening, one anonymous sheet, ending."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.drawing import draw_by_stratum
from linli.engines.fieldwork.rules.sampling import allocate, sample_size
from linli.engines.fieldwork.rules.sending import mapped
from linli.foundation.accounts.services import throttle
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.ids import normal_code, tracking_code, uuid7
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.forms import selectors as forms
from linli.foundation.forms import services as form_services
from linli.foundation.forms.rules import Moment, work_out
from linli.foundation.forms.types import WholeForm
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.surveys import permissions, rules, selectors
from linli.programmes.surveys.models import Sheet, Survey, Token
from linli.programmes.surveys.types import FrameData, SurveyData
from linli.programmes.surveys.workflow import Index, State, Way

MOST_DRAWN = 20_000
_BATCH = 500
_TOKENS = "surveys.token"


def _note(by: Actor, now: datetime, survey: Survey, verb: str, after: Mapping[str, Any]) -> None:
    journal.record(
        by=by, verb=f"surveys.{verb}", kind="survey", uuid=survey.uuid, label=survey.title, now=now, after=dict(after)
    )


def _wrong(field: str, message: str, hint: str = "") -> InvalidError:
    return InvalidError(message, code="surveys.data", hint=hint, fields={field: [message]})


def _checked(data: SurveyData) -> tuple[Any, str]:
    """Return the area and its path of a survey that can be.

    Raises:
        InvalidError: a field is wrong.
    """
    if not clean(data.title):
        raise _wrong("title", _("请写标题。"))
    if data.closes_on < data.opens_on:
        raise _wrong("closes_on", _("截止日不能早于开始日。"))
    if not data.ways or not set(data.ways) <= set(Way.values):
        raise _wrong("ways", _("请至少选一种回答方式。"))
    check_form(data.form)
    area = places.area(data.area_id) if data.area_id is not None else None
    return area, area.path if area is not None else ""


def check_form(code: str) -> WholeForm:
    """Return a form that an anonymous survey may ask.

    Raises:
        InvalidError: it asks what leads to a person, measures nothing, or is not there.
    """
    try:
        form = forms.whole_form(code)
    except NotFoundError:
        raise _wrong("form", _("请选择问卷表单。")) from None
    bad = rules.unfit(form)
    if bad:
        raise _wrong(
            "form", _("这张表单不能匿名填写：%(names)s。") % {"names": "、".join(bad[:6])},
            _("匿名问卷只用选择题、是非题和文字题，不问姓名、电话、地点、时间，不收照片，没有重复组。"),
        )  # fmt: skip
    if not rules.indices(form):
        raise _wrong(
            "form", _("这张表单没有标明知晓率、感受度或满意率的题目。"),
            _("请在表单的 linli_index 列写 awareness、feeling 或 satisfaction。"),
        )  # fmt: skip
    return form


@whole
def plan(*, by: Actor, now: datetime, data: SurveyData) -> Survey:
    """Plan a survey, or the next wave of one, which takes over its form's aims and frame.

    Raises:
        ForbiddenError: ``by`` does not run surveys there.
        InvalidError: a field is wrong.
    """
    area, path = _checked(data)
    permissions.check_keep(by, data.unit_id, path)
    former = selectors.survey_for(by, data.former) if data.former else None
    waves = Survey.objects.filter(series=former.series) if former else Survey.objects.none()
    survey = Survey(
        code=secrets.token_hex(5), title=clean(data.title)[:80], intro=clean(data.intro)[:300],
        form_id=forms.version(data.form).form_id, unit_id=data.unit_id, area=area, area_path=path,
        ways=list(data.ways), opens_on=data.opens_on, closes_on=data.closes_on, created_label=by.label[:80],
        created_at=now, series=former.series if former else uuid7(),
        wave=max(waves.values_list("wave", flat=True), default=0) + 1,
        aims=former.aims if former else {},
        frame={k: v for k, v in former.frame.items() if k in ("kind", "sizes", "margin", "least")} if former else {},
    )  # fmt: skip
    survey.save(force_insert=True)
    _note(by, now, survey, "plan", {"wave": survey.wave, "form": data.form})
    return survey


def _changed(survey: Survey, expected: int, *, at: State = State.DRAFT, **fields: Any) -> None:
    """Change a draft (or what stands ``at`` another state) by compare-and-set.

    Raises:
        StaleError: somebody else changed it meanwhile, or it no longer stands there.
    """
    rows = Survey.objects.filter(pk=survey.pk, version=expected, state=at)
    if rows.update(version=F("version") + 1, **fields) != 1:
        raise StaleError(_("这份问卷刚被他人修改或已经开始。"), hint=_("请刷新后再改；您填的内容还在页面上。"))
    survey.refresh_from_db()


@whole
def set_frame(*, by: Actor, now: datetime, survey: Survey, expected: int, data: FrameData) -> Survey:
    """Draw by the seed: how many of each 居民区, and where a ledger is named, which doors.

    Raises:
        ForbiddenError, InvalidError, StaleError.
    """
    permissions.check_survey(by, survey)
    sizes = {code: int(n) for code, n in data.sizes.items() if n > 0}
    if any(n < 0 or n > 1_000_000 for n in data.sizes.values()):
        raise _wrong("sizes", _("户数须在 0 到 1,000,000 之间。"))
    if not 1 <= data.margin <= 20:
        raise _wrong("margin", _("误差请填 1 到 20 个百分点。"))
    if not clean(data.seed):
        raise _wrong("seed", _("请写抽样种子，例如日期加名称；抽样前写下，任何人可以照着重抽。"))
    strata = _doors(by, survey, data.kind) if data.kind else {}
    if data.kind:
        counted: dict[str, int] = {}
        for code in strata.values():
            counted[code] = counted.get(code, 0) + 1
        sizes |= {code: max(n, sizes.get(code, 0)) for code, n in counted.items()}
    whole = sum(sizes.values())
    wanted = sample_size(whole, Fraction(data.margin, 100), rules.CONFIDENCE) if whole else 0
    drawn = allocate(sizes, wanted, data.least) if whole else {}
    if sum(drawn.values()) > MOST_DRAWN:
        raise _wrong("least", _("一次最多抽 %(most)s 户。") % {"most": MOST_DRAWN})
    doors = draw_by_stratum(strata, clean(data.seed), {c: n for c, n in drawn.items() if n}) if strata else {}
    frame = {
        "kind": data.kind, "seed": clean(data.seed)[:60], "margin": data.margin, "least": data.least, "sizes": sizes,
        "drawn": drawn, "doors": {code: list(found) for code, found in doors.items()}, "on": now.isoformat()[:10],
    }  # fmt: skip
    _changed(survey, expected, frame=frame)
    _note(by, now, survey, "draw", {"seed": frame["seed"], "sizes": sizes, "drawn": drawn, "kind": data.kind})
    return survey


def _doors(by: Actor, survey: Survey, kind: str) -> dict[str, str]:
    """Return uuid of a target → code of its 居民区, of a ledger: as many as there are, whoever asks."""
    fieldwork.kind(kind)
    homes = selectors.homes(survey)
    found: dict[str, str] = {}
    rows = fieldwork.of_kinds(SYSTEM, [kind]).filter(until=None, area_path__startswith=survey.area_path)
    for uuid, path in rows.values_list("uuid", "area_path"):
        code = next((a.code for a in homes if path.startswith(a.path)), "")
        if code:
            found[str(uuid)] = code
    del by
    return found


@whole
def set_aims(*, by: Actor, now: datetime, survey: Survey, expected: int, aims: Mapping[str, int | None]) -> Survey:
    """Say what is aimed at: index → per cent.

    Raises:
        ForbiddenError, InvalidError, StaleError.
    """
    permissions.check_survey(by, survey)
    kept = {name: n for name, n in aims.items() if n is not None and name in Index.values}
    for name, n in kept.items():
        if not 0 <= n <= 100:
            raise _wrong(name, _("目标值请填 0 到 100。"))
    before = dict(survey.aims)
    _changed(survey, expected, aims=kept)
    _note(by, now, survey, "aim", {"aims": kept, "before": before})
    return survey


@whole
def open_survey(*, by: Actor, now: datetime, survey: Survey, expected: int) -> Survey:
    """Begin: the form is frozen at its version.

    Raises:
        ForbiddenError, InvalidError, StaleError.
    """
    permissions.check_survey(by, survey)
    check_form(survey.form.code)
    if survey.closes_on < localtime(now).date():
        raise _wrong("closes_on", _("截止日已经过去，请先修改。"))
    if Way.TOKEN in survey.ways and not sum(survey.frame.get("drawn", {}).values()):
        raise _wrong("ways", _("用答题码须先定样本：各居民区要发多少张。"))
    version = form_services.use(by=by, now=now, code=survey.form.code)
    _changed(survey, expected, state=State.OPEN, form_version=version)
    _note(by, now, survey, "open", {"form": survey.form.code, "version": version.number})
    return survey


@whole
def issue_tokens(*, by: Actor, now: datetime, survey: Survey) -> list[tuple[str, str]]:
    """Return (code of the 居民区, code for one answer) for slips, shown this once; those not used before end.

    Raises:
        ForbiddenError. ConflictError: it is not open, or takes no codes.
    """
    permissions.check_survey(by, survey)
    if survey.state != State.OPEN or Way.TOKEN not in survey.ways:
        raise ConflictError(_("只有进行中、用答题码的问卷可以发码。"), code="surveys.tokens")
    Token.objects.filter(survey=survey, used=False).delete()
    used = dict(selectors.used_tokens(survey))
    homes = {a.code: a for a in selectors.homes(survey)}
    made: list[tuple[str, str]] = []
    rows = []
    for code, count in sorted(survey.frame.get("drawn", {}).items()):
        for _n in range(max(0, count - used.get(code, 0)) if code in homes else 0):
            word = tracking_code()
            made.append((code, word))
            rows.append(Token(survey=survey, area=homes[code], hash=_hash(survey, word)))
    # Slips and rows by lot, each by itself: neither says which stands where in the other.
    secrets.SystemRandom().shuffle(rows)
    Token.objects.bulk_create(rows, batch_size=_BATCH)
    _note(by, now, survey, "issue_tokens", {"count": len(rows)})
    return made


def _hash(survey: Survey, word: str) -> str:
    return keyed_hash(f"{survey.uuid}:{normal_code(word)}", _TOKENS)


def answer(
    *, now: datetime, survey: Survey, way: str, area_code: str, answers: Mapping[str, Any], token: str = ""
) -> None:
    """Keep one sheet of nobody: answers, 居民区, way and day, nothing else; the journal is not told either.

    A code is used up in a transaction of its own before the sheet is written, and given back where the sheet is not
    taken: code and sheet have no transaction in common.

    Raises:
        ConflictError: it has not begun or has ended, takes no answers this way, or the code was used.
        InvalidError: answers to be mended; ``fields`` says what at which path. NotFoundError: no such code.
    """
    today = localtime(now).date()
    check_open(survey, today)
    if way not in survey.ways:
        raise ConflictError(_("这份问卷不用这种方式回答。"), code="surveys.way", hint=_("请扫最新的二维码。"))
    form = fieldwork.form_of(survey.form_version)
    day = localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    cleaned = mapped(form, work_out(form, answers, moment=Moment(day)).settled(), lambda _p, _q, value: _plain(value))
    home = next((a for a in selectors.homes(survey) if a.code == area_code), None)
    _count_day(survey, today)
    if way == Way.TOKEN:
        home = _use(survey, token)
    try:
        with transaction.atomic():
            # Whoever ends it waits for this sheet, or this sheet finds it ended.
            check_open(Survey.objects.select_for_update().get(pk=survey.pk), today)
            Sheet(survey=survey, area=home, way=way, day=today, answers=cleaned).save(force_insert=True)
    except BaseException:
        if way == Way.TOKEN:
            Token.objects.filter(survey=survey, hash=_hash(survey, token)).update(used=False)
        raise


def _plain(value: Any) -> Any:
    return mask_personal(value) if isinstance(value, str) else value


def check_open(survey: Survey, today: date) -> None:
    """Raise ConflictError unless the survey takes answers on a day."""
    if survey.state != State.OPEN or not survey.opens_on <= today <= survey.closes_on:
        early = survey.state == State.OPEN and today < survey.opens_on
        raise ConflictError(
            _("问卷从 %(day)s 开始。") % {"day": survey.opens_on.isoformat()} if early else _("这份问卷已经结束。"),
            code="surveys.closed", hint=_("谢谢您，有问题随时可以用“我要反映”。"),
        )  # fmt: skip


def _use(survey: Survey, word: str) -> Any:
    rows = Token.objects.select_related("area").filter(survey=survey, hash=_hash(survey, word))
    found = rows.first()
    if found is None:
        message = _("没有这个答题码，请核对纸条。")
        raise InvalidError(message, code="surveys.no_token", fields={"token": [message]})
    if rows.filter(used=False).update(used=True) != 1:
        message = _("这个答题码已经用过。")
        raise InvalidError(message, code="surveys.used_token", fields={"token": [message]})
    return found.area


def _count_day(survey: Survey, today: date) -> None:
    """Hold off a program that fills sheets: so many a day for the whole survey, nobody's address in it."""
    most = int(rulebook.value("surveys.day_most", on=today))
    midnight = localtime().replace(
        year=today.year, month=today.month, day=today.day, hour=0, minute=0, second=0, microsecond=0
    )
    throttle.tally(f"survey:{survey.uuid}:{today:%Y%m%d}", most=most, window=timedelta(days=1), now=midnight)


@whole
def close_survey(*, by: Actor, now: datetime, survey: Survey) -> Survey:
    """End it: count, end the codes, and lay the sheets anew by lot, so that not even their order is left.

    Raises:
        ForbiddenError. ConflictError: it is not open.
    """
    permissions.check_survey(by, survey)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state != State.OPEN:
        raise ConflictError(_("这份问卷没有在进行。"), code="surveys.state")
    form = fieldwork.form_of(survey.form_version)
    counts: dict[str, Any] = {
        "questions": rules.tally(form, _sheets(survey)),
        "ways": dict(selectors.by_way(survey)),
        "areas": dict(selectors.by_area(survey)),
        "asked": dict(selectors.by_area(survey, ways=(Way.TOKEN, Way.DOOR))),
    }  # fmt: skip
    Token.objects.filter(survey=survey).delete()
    _shuffle(survey)
    Survey.objects.filter(pk=survey.pk).update(
        state=State.CLOSED, counts=counts, version=F("version") + 1,
        closes_on=min(survey.closes_on, max(survey.opens_on, localtime(now).date())),
    )  # fmt: skip
    survey.refresh_from_db()
    _note(by, now, survey, "close", {"sheets": sum(counts["areas"].values())})
    return survey


@whole
def release(*, by: Actor, now: datetime, survey: Survey, expected: int, shown: bool = True) -> Survey:
    """Give residents the result to read, or take it away from them again.

    Raises:
        ForbiddenError, StaleError. ConflictError: it is not over, or stands so already.
    """
    permissions.check_survey(by, survey)
    if survey.state != State.CLOSED:
        raise ConflictError(_("问卷结束后才能公布结果。"), code="surveys.state", hint=_("进行中公布会看出单独一份。"))
    if (survey.released_at is not None) == shown:
        raise ConflictError(
            _("结果已经公布。") if shown else _("结果没有公布。"), code="surveys.released", hint=_("请刷新后查看。")
        )
    _changed(survey, expected, at=State.CLOSED, released_at=now if shown else None)
    _note(by, now, survey, "release" if shown else "take_back", {"wave": survey.wave})
    return survey


def _sheets(survey: Survey) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = Sheet.objects.filter(survey=survey).values_list("area__code", "answers")
    return ((code or "", answers) for code, answers in rows.iterator(2_000))


def _shuffle(survey: Survey) -> None:
    rows = list(Sheet.objects.filter(survey=survey))
    Sheet.objects.filter(survey=survey).delete()
    secrets.SystemRandom().shuffle(rows)
    Sheet.objects.bulk_create(
        [Sheet(survey=survey, area_id=r.area_id, way=r.way, day=r.day, answers=r.answers) for r in rows],
        batch_size=_BATCH,
    )


@whole
def drop_survey(*, by: Actor, now: datetime, survey: Survey, expected: int) -> Survey:
    """Give a draft up.

    Raises:
        ForbiddenError, StaleError.
    """
    permissions.check_survey(by, survey)
    _changed(survey, expected, state=State.DROPPED)
    _note(by, now, survey, "drop", {})
    return survey


def close_due(*, now: datetime) -> int:
    """End the surveys whose last day is over; return how many."""
    due = Survey.objects.filter(state=State.OPEN, closes_on__lt=localtime(now).date()).select_related("form_version")
    for survey in due:
        close_survey(by=SYSTEM, now=now, survey=survey)
    return len(due)
