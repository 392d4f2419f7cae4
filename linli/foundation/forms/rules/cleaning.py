"""Answers cleaned by type: kept in one form, or refused with words for people.

Messages go through gettext, which is all of Django that stands here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.foundation.core.text import clean, to_halfwidth
from linli.foundation.forms.types import CHOOSING, Question, QuestionType

MAX_TEXT, MAX_LONG_TEXT, MAX_PHOTOS = 500, 20_000, 20
_YES = {"yes", "true", "1", "on", "ok", "是"}
_NO = {"no", "false", "0", "off", "否"}
_POINT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) (-?[0-9]+(?:\.[0-9]+)?)(?: -?[0-9.]+(?: ([0-9]+(?:\.[0-9]+)?))?)?")


class RefusedError(ValueError):
    """An answer that cannot be taken; the message is for people."""


def cleaned(question: Question, raw: Any, known: Collection[str] | None = None) -> Any:
    """Return the answer as it is kept, None for none.

    Args:
        question: the question.
        raw: what was typed or sent.
        known: the codes that may be chosen; those of the question itself, if not given.

    Raises:
        RefusedError: it cannot be taken.
    """
    if raw is None or (isinstance(raw, str) and not clean(raw)) or raw in ([], {}):
        return None
    if question.type in CHOOSING:
        return _chosen(question, raw, [c.code for c in question.choices] if known is None else known)
    if question.type is QuestionType.RANGE:
        return _ranged(question, raw)
    return _CLEANERS[question.type](raw)


def _chosen(question: Question, raw: Any, known: Collection[str]) -> Any:
    codes = [str(c) for c in raw] if isinstance(raw, (list, tuple)) else [str(raw)]
    if question.type is not QuestionType.CHOICE and len(codes) == 1 and codes[0] not in known:
        codes = codes[0].split()
    if any(c not in known for c in codes):
        raise RefusedError(_("请从列出的选项中选择。"))
    if question.type is QuestionType.CHOICES:
        return [c for c in known if c in codes]
    if question.type is QuestionType.RANK:
        if len(set(codes)) < len(known) or len(codes) > len(known):
            raise RefusedError(_("请把每个选项排一次。"))
        return codes
    if len(codes) != 1:
        raise RefusedError(_("只能选一项。"))
    return codes[0]


def _words(most: int) -> Callable[[Any], str]:
    def words(raw: Any) -> str:
        if not isinstance(raw, (str, int, float)):
            raise RefusedError(_("请填写文字。"))
        text = clean(str(raw))
        if len(text) > most:
            raise RefusedError(_("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(text)})
        return text

    return words


def _digits(raw: Any) -> str:
    return to_halfwidth(str(raw)).strip()


def _integer(raw: Any) -> int:
    text = _digits(raw)
    if isinstance(raw, bool) or not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        raise RefusedError(_("请填写整数。"))
    return int(text)


def _decimal(raw: Any) -> str:
    try:
        value = Decimal(_digits(raw))
    except InvalidOperation:
        value = Decimal("NaN")
    if isinstance(raw, bool) or not value.is_finite() or not -15 <= value.adjusted() <= 15:
        raise RefusedError(_("请填写数字。"))
    return format(value.normalize(), "f") if value else "0"


def _ranged(question: Question, raw: Any) -> int | str:
    given = [Decimal(question.parameters.get(k, v)) for k, v in (("start", "1"), ("end", "10"), ("step", "1"))]
    start, end, step = given
    value = Decimal(_decimal(raw))
    if not start <= value <= end or (value - start) % step:
        raise RefusedError(
            _("请填 %(start)s 到 %(end)s 之间的数，间隔 %(step)s。") % {"start": start, "end": end, "step": step}
        )
    return int(value) if all(n == int(n) for n in given) else format(value.normalize(), "f")


def _moment(kind: type[date] | type[time] | type[datetime], message: str) -> Callable[[Any], str]:
    def moment(raw: Any) -> str:
        try:
            return kind.fromisoformat(_digits(raw)).isoformat()
        except ValueError as error:
            raise RefusedError(_(message)) from error

    return moment


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _digits(raw).lower()
    if text in _YES or text in _NO:
        return text in _YES
    raise RefusedError(_("请选择“是”或“否”。"))


def _phone(raw: Any) -> str:
    said = re.sub(r"[\s()（）-]", "", _digits(raw))
    if not re.fullmatch(r"\+?[0-9]{5,17}", said):  # a library takes the figures of a position or a decimal, too
        raise RefusedError(_("这不是电话号码。"))
    try:
        number = phonenumbers.parse(said, "CN")
    except phonenumbers.NumberParseException as error:
        raise RefusedError(_("这不是电话号码。")) from error
    if not phonenumbers.is_possible_number(number):
        raise RefusedError(_("这个电话号码位数不对。"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _photos(raw: Any) -> list[str]:
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    if len(items) > MAX_PHOTOS:
        raise RefusedError(_("最多 %(most)s 张照片。") % {"most": MAX_PHOTOS})
    try:
        return [str(UUID(str(item))) for item in items]
    except ValueError as error:
        raise RefusedError(_("照片没有上传成功，请重新选择。")) from error


def _upload(raw: Any) -> str:
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    if len(items) != 1:
        raise RefusedError(_("只能有一个文件。"))
    try:
        return str(UUID(str(items[0])))
    except ValueError as error:
        raise RefusedError(_("文件没有上传成功，请重新选择。")) from error


def _acknowledged(raw: Any) -> bool | None:
    return _yes_no(raw) or None


def _place(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        point = _POINT.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if point is None:
            return {"text": _words(MAX_TEXT)(raw)}
        raw = dict(zip(("lat", "lon", "accuracy"), point.groups(), strict=True))
    found: dict[str, Any] = {"text": _words(MAX_TEXT)(raw.get("text") or "")}
    if raw.get("lat") in (None, "") and raw.get("lon") in (None, ""):
        if not found["text"]:
            raise RefusedError(_("请填写地点，或在地图上选点。"))
        return found
    try:
        lat, lon = float(raw.get("lat", "")), float(raw.get("lon", ""))
    except (TypeError, ValueError) as error:
        raise RefusedError(_("地图上的位置无效，请重新选点。")) from error
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise RefusedError(_("地图上的位置无效，请重新选点。"))
    found |= {"lat": round(lat, 7), "lon": round(lon, 7)}
    accuracy = _accuracy(raw.get("accuracy"))
    return found if accuracy is None else found | {"accuracy": accuracy}


def _accuracy(raw: Any) -> float | None:
    """Return metres, to one place; None for none or nonsense."""
    try:
        metres = float(raw)
    except (TypeError, ValueError):
        return None
    return round(metres, 1) if math.isfinite(metres) and 0 < metres < 100_000 else None


_CLEANERS: dict[QuestionType, Callable[[Any], Any]] = {
    QuestionType.TEXT: _words(MAX_TEXT),
    QuestionType.LONG_TEXT: _words(MAX_LONG_TEXT),
    QuestionType.INTEGER: _integer,
    QuestionType.DECIMAL: _decimal,
    QuestionType.DATE: _moment(date, gettext_noop("请按“2026-11-21”的样子填写日期。")),
    QuestionType.TIME: _moment(time, gettext_noop("请按“09:30”的样子填写时间。")),
    QuestionType.DATETIME: _moment(datetime, gettext_noop("请按“2026-11-21T09:30”的样子填写日期和时间。")),
    QuestionType.YES_NO: _yes_no,
    QuestionType.PHONE: _phone,
    QuestionType.PHOTO: _photos,
    QuestionType.PLACE: _place,
    QuestionType.AUDIO: _upload,
    QuestionType.VIDEO: _upload,
    QuestionType.FILE: _upload,
    QuestionType.SIGNATURE: _upload,
    QuestionType.BARCODE: _words(MAX_TEXT),
    QuestionType.ACKNOWLEDGE: _acknowledged,
    QuestionType.CALCULATE: _words(MAX_LONG_TEXT),
    QuestionType.HIDDEN: _words(MAX_LONG_TEXT),
    QuestionType.START: _moment(datetime, gettext_noop("请按“2026-11-21T09:30”的样子填写日期和时间。")),
    QuestionType.END: _moment(datetime, gettext_noop("请按“2026-11-21T09:30”的样子填写日期和时间。")),
    QuestionType.TODAY: _moment(date, gettext_noop("请按“2026-11-21”的样子填写日期。")),
}
