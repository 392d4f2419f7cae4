"""Every page of the console's home: what one does there, and who sees it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.activities.permissions import KIND_KEEPERS
from linli.engines.fieldwork.permissions import KIND_KEEPERS as LEDGER_KEEPERS
from linli.interfaces.console.bodies.views import READERS as BODY_READERS
from linli.interfaces.console.contents import Card
from linli.interfaces.console.desks.views import KEEPERS as DESK_KEEPERS
from linli.interfaces.console.doors import READERS
from linli.interfaces.console.people.views import READERS as GRID_READERS
from linli.interfaces.console.roles.views import READERS as ROLE_READERS
from linli.interfaces.console.setup.views import READERS as GAP_READERS
from linli.interfaces.console.setup.views import SETTERS
from linli.interfaces.console.venues.doors import READERS as VENUE_READERS
from linli.interfaces.console.venues.posters import HANGERS

SYSTEM, SECURITY, AUDIT = frozenset({"system_admin"}), frozenset({"security_admin"}), frozenset({"audit_admin"})

SET_UP = (
    Card(
        "set_up", _("设置向导"), _("从名称、区域到开放，一步一步建好一个街道。"), "clipboard-list",
        "console:setup", SETTERS, 10,
    ),
    Card(
        "set_up", _("到底到边"), _("哪里没有人负责：区域、单位、小区、分类。"), "alert-triangle",
        "console:gaps", GAP_READERS, 20,
    ),
    Card(
        "set_up", _("表格导入导出"), _("单位、岗位、人员、区域、楼幢、场所、分类、规则：下载模板、检查、导入、撤销。"),
        "table", "console:sheets", SYSTEM | SECURITY, 30,
    ),
)  # fmt: skip

PLACES = (
    Card(
        "places", _("区域"), _("街道、网格、居民区的层级和日期；上传边界先看报告，再按日期生效。"), "map-2",
        "console:areas", VENUE_READERS, 10,
    ),
    Card(
        "places", _("场所与站点"), _("驿站、联勤联动站、食堂、公厕……开放时间、设施、照片、建站标准。"), "map-pins",
        "console:venues", VENUE_READERS, 20,
    ),
    Card(
        "places", _("二维码海报"), _("给小区、楼道、站点做 A4 海报：扫码反映、找服务、关注渠道。"), "qrcode",
        "console:posters", HANGERS, 30,
    ),
    Card(
        "places", _("走访台账"), _("有哪些台账、登记什么、按什么查重。"), "clipboard-list",
        "console:ledgers", LEDGER_KEEPERS, 35,
    ),
    Card(
        "places", _("充换电设施"), _("各居民区充电口与电动自行车的缺口，建设项目进度。"), "charging-pile",
        "console:charging", VENUE_READERS, 40,
    ),
    Card(
        "places", _("场所类别与地图"), _("类别、图标、补充问题、建站标准；公开的专题地图。"), "settings",
        "console:venue_kinds", SYSTEM, 50,
    ),
)  # fmt: skip

PEOPLE = (
    Card(
        "people", _("人员"), _("账号、岗位、最近登录；新建人员，任免，移交。"), "users",
        "console:people", SYSTEM | SECURITY, 10,
    ),
    Card(
        "people", _("单位与岗位"), _("每个单位的岗位由谁担任，哪里空缺。"), "building",
        "console:units", SYSTEM | SECURITY, 20,
    ),
    Card("people", _("不在岗与代理"), _("谁不在、由谁代理。"), "calendar", "console:absences", SECURITY, 30),
    Card(
        "people", _("岗位与权限"), _("谁可以做什么，由系统实际使用的表生成。"), "list",
        "console:roles", ROLE_READERS, 40,
    ),
    Card(
        "people", _("综合网格"), _("并入的条线网格、下沉力量、值班、无人负责的地方。"), "map-2",
        "console:grids", GRID_READERS, 50,
    ),
    Card(
        "people", _("联勤联动站"), _("站的范围、地点和成员单位。"), "users", "console:stations", SYSTEM, 60,
    ),
    Card(
        "people", _("社区工作室"), _("驻居民区的值守岗位和时间，居民页面公开。"), "building-community",
        "console:desks", DESK_KEEPERS, 70,
    ),
    Card(
        "people", _("领导小组"), _("临时机构的任务、成员岗位、办公室和期限。"), "users",
        "console:bodies", BODY_READERS, 80,
    ),
    Card(
        "people", _("必须在网格的事项"), _("“四个在网格”等清单，各网格缺什么。"), "clipboard-list",
        "console:grid_items", GRID_READERS, 90,
    ),
)  # fmt: skip

LOOP = (
    Card(
        "loop", _("分类与提问"), _("问题分几类、问居民什么、要什么照片、有危险先提示什么；先预览，再发布。"),
        "list-details", "console:categories", READERS, 10,
    ),
    Card(
        "loop", _("分类建议"), _("按文字建议分类：在用的版本、每月表现、最常混淆，试一段话，换用别的版本。"),
        "chart-bar", "console:category_models", READERS, 15,
    ),
    Card(
        "loop", _("规则库"), _("时限和数字：出处、生效日期、历史，改动前先看影响。"), "list-details",
        "console:rules", READERS, 20,
    ),
    Card(
        "loop", _("工作日历"), _("节假日和调休，录入放假通知，本街道自定的停工和上班。"), "calendar",
        "console:calendar", READERS, 25,
    ),
    Card(
        "loop", _("派遣规则"), _("什么诉求派给谁：修改草稿、测试地址、在过去一年的案件上试运行、启用。"),
        "arrows-left-right", "console:routing", READERS, 30,
    ),
    Card(
        "loop", _("居民区协助事项清单"), _("可以要求居民区协助的事项，注明依据和有效期。"), "clipboard-list",
        "console:admissions", READERS, 40,
    ),
    Card(
        "loop", _("会议类型"), _("开哪些会：请谁、开多久、默认议程、常设专题、记录的形式。"), "calendar-event",
        "console:meeting_kinds", KIND_KEEPERS, 50,
    ),
)  # fmt: skip

WORDS = (
    Card(
        "words", _("表单"), _("走访、检查、问卷的表单：设计、手机预览、发布，导入导出 XLSForm，采用现成的表单。"),
        "clipboard-list", "console:forms", READERS, 5,
    ),
    Card(
        "words", _("消息模板"), _("受理、派遣、办结时告诉大家的话：按渠道和语言预览，给自己发测试，随时恢复出厂。"),
        "mail", "console:templates", READERS, 10,
    ),
    Card(
        "words", _("快捷用语"), _("办理、答复时点一下就写好的句子，可以只用于某一类、某种结果。"), "message-circle",
        "console:phrases", READERS, 20,
    ),
    Card(
        "words", _("法律条文库"), _("分类引用、普法时宣讲的条文，写明出处和有效期。"), "file",
        "console:laws", READERS, 30,
    ),
)  # fmt: skip

WATCH = (
    Card("watch", _("后台任务"), _("失败的消息和定时任务：查看、重发、丢弃。"), "refresh", "console:jobs", SYSTEM, 10),
    Card("watch", _("大屏"), _("为每块屏幕发放和撤销只读链接。"), "chart-bar", "console:screens", SYSTEM, 20),
    Card(
        "watch",
        _("对接程序与令牌"),
        _("哪些系统以什么身份连接；发放、查看和撤销接口令牌。"),
        "key",
        "console:programs",
        SYSTEM,
        25,
    ),
    Card(
        "watch",
        _("事件推送"),
        _("案件等有变化时推送到对方系统；查看、重发、暂停。"),
        "send",
        "console:hooks",
        SYSTEM,
        27,
    ),
    Card(
        "watch",
        _("开放接口 Open311"),
        _("居民应用上报和查询的标准接口：地址、密钥、每个密钥上报了多少，随时开关。"),
        "share",
        "console:open311",
        SYSTEM,
        27,
    ),
    Card(
        "watch",
        _("收件邮箱"),
        _("居民写信的邮箱：服务器和账号，试一下连接，什么时候收取过，为什么收不到。"),
        "mail",
        "console:mailboxes",
        SYSTEM,
        28,
    ),
    Card("watch", _("日志"), _("谁在什么时候做了什么；核验封存。"), "history", "console:journal", AUDIT, 30),
)

CARDS: tuple[Card, ...] = (*SET_UP, *PLACES, *PEOPLE, *LOOP, *WORDS, *WATCH)
