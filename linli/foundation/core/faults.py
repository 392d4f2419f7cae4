"""What is wrong with what somebody entered, field by field, so that all of it is said at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError, StaleError
from linli.foundation.core.text import clean, mask_personal


def several(room: str, fields: Mapping[str, list[str]]) -> InvalidError:
    """Return the error that names how many fields are to be changed and, at each, what is wrong."""
    return InvalidError(
        _("有 %(count)s 处需要修改。") % {"count": len(fields)}, code=f"{room}.invalid", fields=dict(fields)
    )


def one(room: str, name: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return InvalidError(message, code=f"{room}.{name}", fields={name: [message]})


def stale() -> StaleError:
    """Return the error of who comes with a page that is out of date."""
    return StaleError(_("别人刚刚改过，您的修改没有保存。"), hint=_("您填写的内容还在页面上：请对照最新内容后再保存。"))


def check_version(row: Any, expected: int | None) -> None:
    """Raise :func:`stale` where ``row`` is not at version ``expected``, if that is given."""
    if expected is not None and row.version != expected:
        raise stale()


class Faults:
    """What is wrong with what was entered, by field.

    Attributes:
        room: whose rules they are: the error's code begins with it.
        masks: whether numbers of people in its texts are covered before they are kept.
        fields: field name → what is wrong there.
    """

    room: ClassVar[str]
    masks: ClassVar[bool] = True

    def __init__(self) -> None:
        """Begin without any."""
        self.fields: dict[str, list[str]] = {}

    def add(self, name: str, message: str) -> None:
        """Say what is wrong at a field."""
        self.fields.setdefault(name, []).append(message)

    def words(self, name: str, value: str, most: int, *, needed: bool = False) -> str:
        """Return ``value`` as it is kept, at most ``most`` characters; say where it is missing or too long."""
        kept = clean(value)
        kept = mask_personal(kept) if self.masks else kept
        if needed and not kept:
            self.add(name, _("请填写这一项。"))
        if len(kept) > most:
            self.add(name, _("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(kept)})
        return kept[:most]

    def choice(self, name: str, value: str, values: Collection[str]) -> str:
        """Return ``value``, which must be one of ``values``."""
        if value not in values:
            self.add(name, _("请从列出的选项中选择。"))
        return value

    def days(self, first: date | None, last: date | None, name: str = "ends_on") -> None:
        """Refuse a period that ends before it begins."""
        if first is not None and last is not None and last < first:
            self.add(name, _("结束日期不能早于开始日期。"))

    def check(self) -> None:
        """Raise InvalidError where anything is wrong."""
        if self.fields:
            raise several(self.room, self.fields)
