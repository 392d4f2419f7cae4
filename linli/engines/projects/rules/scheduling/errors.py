"""What is wrong with a network, said in full before anything is computed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError


class CircleError(InvalidError):
    """Activities wait for each other in a circle.

    Attributes:
        circle: their keys in order; each waits for the one before it, the first for the last.
    """

    code = "schedule.circle"

    def __init__(self, circle: tuple[str, ...], titles: tuple[str, ...]) -> None:
        """Name the circle in order."""
        self.circle = circle
        super().__init__(
            _("节点互相等待，形成循环：%(circle)s。") % {"circle": " → ".join([*titles, titles[0]])},
            hint=_("请去掉其中一条先后关系后再排。"),
            circle=list(circle),
        )


class UnknownKeyError(InvalidError):
    """A dependency or a demand names what the network does not have."""

    code = "schedule.unknown"

    def __init__(self, key: str) -> None:
        """Name the key."""
        super().__init__(_("先后关系或用工指向了不存在的节点或班组。"), hint=_("请刷新页面后重试。"), key=key)


class TwiceError(InvalidError):
    """Two activities or two resources have the same key."""

    code = "schedule.twice"

    def __init__(self, key: str) -> None:
        """Name the key."""
        super().__init__(_("同一节点或班组出现了两次。"), hint=_("请刷新页面后重试。"), key=key)


class NumberError(InvalidError):
    """A duration, demand, capacity or percentage is out of bounds, or an end lies before its beginning."""

    code = "schedule.number"

    def __init__(self, key: str, title: str, field: str) -> None:
        """Name the activity or resource and the field."""
        super().__init__(
            _("“%(title)s”的工期、用工、进度或起止日期不合常理。") % {"title": title or key},
            hint=_("工期与用工不得为负且不超过上限，完成日不得早于开工日，进度在0到100之间。"),
            key=key,
            field=field,
        )


class TooFewError(InvalidError):
    """An activity needs more of a resource than there ever is: no day would do."""

    code = "schedule.too_few"

    def __init__(self, *, key: str, title: str, resource: str, needed: int, capacity: int) -> None:
        """Name the activity, the resource and both numbers."""
        super().__init__(
            _("“%(title)s”需要“%(resource)s”%(needed)d个单位，而每天至多只有%(capacity)d个。")
            % {"title": title, "resource": resource, "needed": needed, "capacity": capacity},
            hint=_("请减少用工、拆分节点，或增加班组。"),
            key=key,
        )


class NoWorkdaysError(InvalidError):
    """The calendar has no working day within a year, or the plan runs on for decades."""

    code = "schedule.no_workdays"

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            _("工作日历中长期没有工作日，或工期过长，无法排出计划。"), hint=_("请核对工作日历与各节点的工期。")
        )
