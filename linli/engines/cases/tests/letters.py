"""Letters in the shapes in which a city's message board hands them out: made here, no person wrote them.

Numbers and users as codes, times as text or as dates, line breaks and tabs before the text, letters of
thousands of characters, hidden characters in titles, telephone numbers and names within the text.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]

_PLAIN = [
    ("{road}路灯不亮", "路灯坏了三天，晚上很黑，路灯一直没人修。"),
    ("投诉{estate}楼下餐馆油烟扰民", "油烟直排，油烟从早到晚，居民开不了窗。"),
    ("{road}人行道堆放建筑垃圾", "人行道上堆放了几天，轮椅过不去。"),
    ("请问{road}什么时候拉通", "修了两年多，请问进度如何？"),
    ("咨询居住证续签", "咨询一下续签需要什么材料，谢谢。"),
    ("{estate}电梯坏了半年", "电梯经常停梯，老人下不了楼。"),
    ("{road}共享单车堵门", "单车堆成山，共享单车占满盲道。"),
    ("{estate}深夜噪音扰民", "一楼麻将馆通宵，噪音很大。"),
    ("建议公交线路延长", "希望延长两站，方便上班。"),
    ("被开发商坑害的业主", "合同约定前年交房，至今没有消息。"),
    ("{estate}飞线充电", "有人从五楼拉线充电，飞线经过窗口。"),
    ("{road}店外经营", "几家店把桌椅摆到店外，出摊到半夜。"),
]
_ROADS = ["长宁路", "安西路", "武夷路", "愚园路", "江苏路"]
_ESTATES = ["东盛花园", "春晓新村", "北苑公寓", "和平家园", "向阳小区"]


def _awkward() -> list[list[Any]]:
    """Return the rows that are unlike the rest."""
    long = "这是一封很长的来信。" * 690
    board = datetime(2019, 1, 8, 8, 30, 5)  # noqa: DTZ001  a sheet's times have no zone
    told: list[tuple[str | None, Any, str | None]] = [
        ("\u200b长宁区黄金园洗砂场昼夜施工", "2019/9/16 9:05:01", "\n\t\t\t昼夜施工，施工不停。"),
        ("一封长信", "2019/9/17 19:05:01", "\n\t\t" + long),
        ("欠薪", board, "联系电话：138 1234 5678，请回电。"),
        ("反映一件事", "2018/12/31 23:59:59", "尊敬的领导：我叫陈小样，家住安西路，没有房产证。"),
        ("实名举报", "2019/3/3 3:03:03", "情况属实。举报人：周大样 2019年3月3日"),
        ("求助", "2019/3/4 13:03:03", "本人身份证号440308199901101512，加我微信号：abc12345。"),
        ("=HYPERLINK(1)", "2019/3/5 13:03:03", "=1+1，标题像公式。"),
        ("𠮷屋门口🚲太多", "2019/3/6 13:03:03", "𠮷屋门口🚲🚲，<b>加粗</b>；DROP TABLE。"),
        ("只有主题没有详情的留言", "2019/3/7 13:03:03", None),
        ("身份证号码被隐去", "2019/3/8 13:03:03", "身份证号：**************，见 https://example.com/亩。"),
        ("全角数字\u3000１３８１２３４５６７８", "2019/3/9 13:03:03", "请打１３８１２３４５６７８。"),
        ("时间写错", "前天下午", "时间不是时间。"),
        ("太长的信", "2019/3/10 13:03:03", "字" * 20_001),
        (None, "2019/3/11 13:03:03", " \n\t "),
    ]
    return [[190001 + n, f"A{81 + n:06}", *row, 0, n % 3] for n, row in enumerate(told)]


def letters(many: int = 46) -> list[list[Any]]:
    """Return ``many`` plain letters and the 14 awkward ones, of which three cannot be taken."""
    rows: list[list[Any]] = []
    for n in range(many):
        title, text = _PLAIN[n % len(_PLAIN)]
        names = {"road": _ROADS[n % len(_ROADS)], "estate": _ESTATES[n % len(_ESTATES)]}
        day = f"2019/{n % 12 + 1}/{n % 28 + 1} {n % 24}:{n % 60:02}:{n * 7 % 60:02}"
        rows.append([180000 + n, f"A{n:06}", title.format(**names), day, f"\n\t\t\t\n\t\t\t{text}\n\t\t", 0, n % 5])
    return [*rows, *_awkward()]


def workbook(rows: list[list[Any]], header: list[str] | None = None) -> bytes:
    """Return an xlsx of ``rows`` under the message board's headers."""
    book = openpyxl.Workbook()
    table: Any = book.active
    table.append(header or HEADER)
    for row in rows:
        table.append(row)
        for cell in table[table.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
