"""What can go wrong with rules and with the calendar."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError


class RuleMissingError(NotFoundError):
    """No rule of that code holds on that day."""

    code = "rulebook.missing"

    def __init__(self, code: str, on: date) -> None:
        """Name the rule and the day."""
        super().__init__(
            _("规则库中没有 %(day)s 生效的规则“%(code)s”。") % {"code": code, "day": on.isoformat()},
            hint=_("请系统管理员在规则库中补录该规则及其出处。"),
            rule=code,
            on=on.isoformat(),
        )


class RuleOverlapError(ConflictError):
    """Two values of one rule would hold on the same day."""

    code = "rulebook.overlap"


class YearNotAnnouncedError(DomainError):
    """The holidays of a year are not known, so no working day in it can be counted."""

    status = 409
    code = "rulebook.year_not_announced"

    def __init__(self, year: int) -> None:
        """Name the year."""
        super().__init__(
            _("%(year)s 年的节假日和调休安排尚未录入，无法计算工作日。") % {"year": year},
            hint=_("请系统管理员在“工作日历”中录入国务院办公厅公布的 %(year)s 年节假日安排，或升级日历数据后重试。")
            % {"year": year},
            year=year,
        )
        self.year = year
