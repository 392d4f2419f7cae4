"""The life of a document and of what was found in it, as tables: states, acts, who may."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.programmes.documents.types import Kind

# Role codes are those of linli.foundation.people.types.Role.
KEEPERS = frozenset({"dispatcher", "shift_leader", "street_leader", "supervisor", "grid_head", "unit_head"})
READERS = KEEPERS | {"neighbourhood_secretary", "unit_handler", "community_worker"}
PLANNERS = frozenset({"unit_head", "neighbourhood_secretary"})


class DocumentKind(models.TextChoices):
    """What a document is."""

    PAGE = "page", _("社区报、新闻")
    MINUTES = "minutes", _("会议纪要")
    POLICY = "policy", _("政策文件")
    PLAN = "plan", _("街道方案")


class DocumentState(models.TextChoices):
    """Where a document stands."""

    READING = "reading", _("识读中")
    FAILED = "failed", _("识读失败")
    READ = "read", _("待定顺序")
    ORDERED = "ordered", _("待核对")
    DECIDED = "decided", _("已核对")


class FindingState(models.TextChoices):
    """What a person said of something that was found."""

    PROPOSED = "proposed", _("待核对")
    CONFIRMED = "confirmed", _("已确认")
    CHANGED = "changed", _("已修改")
    REJECTED = "rejected", _("不采用")


class Change(models.TextChoices):
    """A part of a policy beside the same part of the version before."""

    NEW = "new", _("新增")
    SAME = "same", _("未变")
    CHANGED = "changed", _("有修改")


KIND_NAMES = {
    Kind.ARTICLE: _("文章"),
    Kind.MEETING: _("会议"),
    Kind.REQUIREMENT: _("要求"),
    Kind.UNIT: _("单位"),
    Kind.POST: _("岗位"),
    Kind.PLACE: _("地点"),
    Kind.NUMBER: _("数字"),
    Kind.PROJECT: _("项目"),
    Kind.CLAIM: _("认领"),
    Kind.AGREEMENT: _("签约"),
    Kind.DATE: _("日期"),
    Kind.DEADLINE: _("期限"),
}
# What Linli knows by name: a finding of these kinds may be linked to it.
KNOWN = {Kind.UNIT.value: _("单位"), Kind.POST.value: _("岗位"), Kind.PLACE.value: _("地点")}
KEPT = frozenset({FindingState.CONFIRMED, FindingState.CHANGED})


@dataclass(frozen=True, slots=True)
class Step:
    """One act: the states it starts from and the state it ends in."""

    label: object
    source: frozenset[str]
    target: str


_D, _F = DocumentState, FindingState
DOCUMENT_STEPS: dict[str, Step] = {
    "read": Step(_("识读"), frozenset({_D.READING}), _D.READ),
    "fail": Step(_("识读失败"), frozenset({_D.READING}), _D.FAILED),
    "order": Step(_("确定顺序"), frozenset({_D.READ, _D.ORDERED}), _D.ORDERED),
    "decide": Step(_("完成核对"), frozenset({_D.ORDERED}), _D.DECIDED),
    "reopen": Step(_("重新核对"), frozenset({_D.DECIDED}), _D.ORDERED),
}
FINDING_STEPS: dict[str, Step] = {
    "confirm": Step(_("确认"), frozenset({_F.PROPOSED, _F.REJECTED}), _F.CONFIRMED),
    "change": Step(_("修改"), frozenset({_F.PROPOSED, _F.CONFIRMED, _F.CHANGED, _F.REJECTED}), _F.CHANGED),
    "reject": Step(_("不采用"), frozenset({_F.PROPOSED, _F.CONFIRMED, _F.CHANGED}), _F.REJECTED),
    "undo": Step(_("撤销"), frozenset({_F.CONFIRMED, _F.CHANGED, _F.REJECTED}), _F.PROPOSED),
}
