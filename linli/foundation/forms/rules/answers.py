"""Answers looked at: cleaned by type, hidden ones dropped, each fault said at its question.

Messages go through gettext, which is all of Django that stands here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import phonenumbers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean, to_halfwidth
from linli.foundation.forms.rules.expressions import evaluate, parse, truth
from linli.foundation.forms.types import Checked, Question, QuestionSet, QuestionType

MAX_TEXT, MAX_LONG_TEXT, MAX_PHOTOS = 500, 20_000, 20
_YES = {"yes", "true", "1", "on", "是"}
_NO = {"no", "false", "0", "off", "否"}


class _RefusedError(ValueError):
    """An answer that cannot be taken; the message is for people."""


def relevant(question: Question, answers: Mapping[str, Any]) -> bool:
    """Return whether ``question`` is asked, given the cleaned ``answers`` before it."""
    return not question.relevant or truth(evaluate(parse(question.relevant), answers))


def check(questions: QuestionSet, answers: Mapping[str, Any], *, partial: bool = False) -> Checked:
    """Return ``answers`` looked at question by question; a draft (``partial``) may leave required ones open."""
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for question in questions.questions:
        if question.type is QuestionType.NOTE or not relevant(question, cleaned):
            continue
        try:
            value = _cleaned(question, answers.get(question.code))
            if value is None:
                if question.required and not partial:
                    errors[question.code] = [_("请回答这个问题。")]
                continue
            cleaned[question.code] = value
            if question.constraint and not truth(evaluate(parse(question.constraint), cleaned, value)):
                del cleaned[question.code]
                errors[question.code] = [_said(question)]
        except _RefusedError as error:
            errors[question.code] = [str(error)]
    return Checked(cleaned, errors, dict(answers))


def validate(questions: QuestionSet, answers: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Return the cleaned answers.

    Raises:
        InvalidError: something is to be mended; ``fields`` says what at which question.
    """
    checked = check(questions, answers, partial=partial)
    if not checked.ok:
        raise InvalidError(
            _("有 %(count)s 处需要修改。") % {"count": len(checked.errors)}, code="forms.invalid", fields=checked.errors
        )
    return dict(checked.cleaned)


def _said(question: Question) -> str:
    said = question.constraint_message
    return said.get(get_language() or "") or said.get("zh-hans") or _("这个回答不符合要求。")


def _cleaned(question: Question, raw: Any) -> Any:
    """Return the answer as it is kept, None for none."""
    if raw is None or (isinstance(raw, str) and not clean(raw)) or raw in ([], {}):
        return None
    if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
        return _chosen(question, raw)
    return _CLEANERS[question.type](raw)


def _chosen(question: Question, raw: Any) -> Any:
    codes = [str(c) for c in raw] if isinstance(raw, (list, tuple)) else [str(raw)]
    known = [c.code for c in question.choices]
    if any(c not in known for c in codes):
        raise _RefusedError(_("请从列出的选项中选择。"))
    if question.type is QuestionType.CHOICES:
        return [c for c in known if c in codes]
    if len(codes) != 1:
        raise _RefusedError(_("只能选一项。"))
    return codes[0]


def _words(most: int) -> Callable[[Any], str]:
    def words(raw: Any) -> str:
        if not isinstance(raw, (str, int, float)):
            raise _RefusedError(_("请填写文字。"))
        text = clean(str(raw))
        if len(text) > most:
            raise _RefusedError(_("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(text)})
        return text

    return words


def _digits(raw: Any) -> str:
    return to_halfwidth(str(raw)).strip()


def _integer(raw: Any) -> int:
    text = _digits(raw)
    if isinstance(raw, bool) or not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        raise _RefusedError(_("请填写整数。"))
    return int(text)


def _decimal(raw: Any) -> str:
    try:
        value = Decimal(_digits(raw))
    except InvalidOperation:
        value = Decimal("NaN")
    if isinstance(raw, bool) or not value.is_finite() or not -15 <= value.adjusted() <= 15:
        raise _RefusedError(_("请填写数字。"))
    return format(value.normalize(), "f") if value else "0"


def _moment(kind: type[date] | type[time] | type[datetime], message: str) -> Callable[[Any], str]:
    def moment(raw: Any) -> str:
        try:
            return kind.fromisoformat(_digits(raw)).isoformat()
        except ValueError as error:
            raise _RefusedError(_(message)) from error  # noqa: INT  the three messages stand below

    return moment


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _digits(raw).lower()
    if text in _YES or text in _NO:
        return text in _YES
    raise _RefusedError(_("请选择“是”或“否”。"))


def _phone(raw: Any) -> str:
    try:
        number = phonenumbers.parse(_digits(raw), "CN")
    except phonenumbers.NumberParseException as error:
        raise _RefusedError(_("这不是电话号码。")) from error
    if not phonenumbers.is_possible_number(number):
        raise _RefusedError(_("这个电话号码位数不对。"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _photos(raw: Any) -> list[str]:
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    if len(items) > MAX_PHOTOS:
        raise _RefusedError(_("最多 %(most)s 张照片。") % {"most": MAX_PHOTOS})
    try:
        return [str(UUID(str(item))) for item in items]
    except ValueError as error:
        raise _RefusedError(_("照片没有上传成功，请重新选择。")) from error


def _place(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        return {"text": _words(MAX_TEXT)(raw)}
    found: dict[str, Any] = {"text": _words(MAX_TEXT)(raw.get("text") or "")}
    if raw.get("lat") in (None, "") and raw.get("lon") in (None, ""):
        if not found["text"]:
            raise _RefusedError(_("请填写地点，或在地图上选点。"))
        return found
    try:
        lat, lon = float(raw.get("lat", "")), float(raw.get("lon", ""))
    except (TypeError, ValueError) as error:
        raise _RefusedError(_("地图上的位置无效，请重新选点。")) from error
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise _RefusedError(_("地图上的位置无效，请重新选点。"))
    return found | {"lat": round(lat, 7), "lon": round(lon, 7)}


_CLEANERS: dict[QuestionType, Callable[[Any], Any]] = {
    QuestionType.TEXT: _words(MAX_TEXT),
    QuestionType.LONG_TEXT: _words(MAX_LONG_TEXT),
    QuestionType.INTEGER: _integer,
    QuestionType.DECIMAL: _decimal,
    QuestionType.DATE: _moment(date, _noop("请按“2026-11-21”的样子填写日期。")),
    QuestionType.TIME: _moment(time, _noop("请按“09:30”的样子填写时间。")),
    QuestionType.DATETIME: _moment(datetime, _noop("请按“2026-11-21T09:30”的样子填写日期和时间。")),
    QuestionType.YES_NO: _yes_no,
    QuestionType.PHONE: _phone,
    QuestionType.PHOTO: _photos,
    QuestionType.PLACE: _place,
}
