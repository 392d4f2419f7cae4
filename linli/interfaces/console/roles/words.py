"""What the permissions that are no act on a case are called; the acts have their words in the cases' workflow."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, Any] = {
    "cases:view_all": _("查看全部案件"),
    "cases:view_area": _("查看辖区内的案件"),
    "cases:view_unit": _("查看本单位的案件"),
    "cases:contact_reporter": _("写明用途后查看反映人的联系方式"),
    "cases:report_for": _("代他人登记"),
    "cases:approve_extension": _("批准延期"),
    "cases:approve_shelving": _("批准挂账"),
    "cases:request_extension": _("申请延期和挂账"),
    "people:take_duty": _("值班"),
    "people:manage_duty": _("排班和交接班"),
    "people:manage_absence": _("登记不在岗和代理"),
    "people:manage_lines": _("维护条线网格和下沉力量"),
    "people:manage_units": _("设单位和岗位"),
    "people:appoint": _("任免岗位、离岗移交"),
    "people:see_as": _("以他人岗位只读查看，检查权限"),
    "accounts:manage": _("新建、停用账号，发放初始密码，发放大屏链接"),
    "console:configure": _("修改系统设置"),
    "journal:read": _("查阅日志"),
    "journal:verify": _("核验日志封存"),
}
WHERE: dict[str, Any] = {
    "self": _("本人的事"),
    "area": _("所在区域及以下"),
    "unit": _("所在单位"),
    "street": _("全街道（或岗位所在区域）"),
}
