"""The four subdistricts of the source texts, as the demonstration lays them out.

The 居民区 are those of the statistical list, by name and code; where a text counts more of them
than the list, that is said and none is invented. Which 综合网格 they belong to is public for none
but a few, so the grids are schematic and say so; every line on the map is invented.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

NOTICE = "示意图，非测绘边界"
NUMERALS = "一二三四五六七八九十"
Cells = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One 居民区 of the list: its statistical code and its name without 居委会."""

    code: str
    name: str


@dataclass(frozen=True)
class Scene:
    """One subdistrict of the demonstration.

    Attributes:
        key: the name of its namespace.
        code: statistical code of the subdistrict.
        name: its name.
        short: what its offices' names begin with.
        centre: longitude and latitude (WGS-84) of its middle, in degrees.
        home: the 居民区 of the demonstration's people.
        upright, level: roads of the lattice from west to east and from south to north; empty where there is none.
        columns, rows: cells of the lattice; widths and heights: where they end, as shares of the whole.
        wide, high: metres.
        layout: cells of each 居民区; made from the list where empty.
        grids: members of each 综合网格; made from the rows of the lattice where empty.
        blocks: free layer 街区: fine columns and rows (west, south, east, north).
        lanes: lanes that the texts name, given to 小区 beside their road.
        river, park: whether the map shows them.
        expected: how many 居民区 a text counts, where the list has another number; 0 where nothing is known.
        note: where the text says so.
        given_others: see :attr:`others`.
    """

    key: str
    code: str
    name: str
    short: str
    centre: tuple[float, float]
    home: str
    upright: tuple[str, ...]
    level: tuple[str, ...]
    columns: int = 5
    rows: int = 5
    widths: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    wide: float = 1570.0
    high: float = 1400.0
    given_layout: dict[str, Cells] = field(default_factory=dict)
    given_grids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    lanes: tuple[str, ...] = ()
    river: str = ""
    park: str = ""
    expected: int = 0
    note: str = ""
    given_others: tuple[str, str, str] | None = None

    @cached_property
    def neighbourhoods(self) -> list[Neighbourhood]:
        """Return the 居民区 of the list, by code."""
        path = files("linli.interfaces.cli.demo").joinpath("data/neighbourhoods.csv")
        rows = csv.DictReader(path.read_text(encoding="utf8").splitlines())
        return [
            Neighbourhood(r["code"], r["name"].removesuffix("居委会")) for r in rows if r["code"].startswith(self.code)
        ]

    @cached_property
    def layout(self) -> dict[str, Cells]:
        """Return the cells of each 居民区, one or two side by side, which tile the lattice."""
        if self.given_layout:
            return self.given_layout
        names = [n.name for n in self.neighbourhoods]
        doubles = self.columns * self.rows - len(names)
        found: dict[str, Cells] = {}
        for row in range(self.rows):
            wide = 1 if row < doubles else 0
            for column in range(self.columns - wide):
                last = wide and column == self.columns - 2
                found[names[len(found)]] = ((column, row), (column + 1, row)) if last else ((column, row),)
        return found

    @cached_property
    def grids(self) -> dict[str, tuple[str, ...]]:
        """Return the members of each 综合网格."""
        if self.given_grids:
            return self.given_grids
        return {
            f"第{NUMERALS[row]}综合网格（示意）": tuple(n for n, cells in self.layout.items() if cells[0][1] == row)
            for row in range(self.rows)
        }

    @cached_property
    def others(self) -> tuple[str, str, str]:
        """Return three 居民区 besides the home where things happen again and again."""
        if self.given_others:
            return self.given_others
        names = [n for n in self.layout if n != self.home]
        step = max(1, len(names) // 3)
        return names[0], names[step], names[2 * step]

    @property
    def metres(self) -> tuple[float, float]:
        """Return how many metres a degree of longitude and of latitude are long here."""
        north = 111_195.08
        return north * math.cos(math.radians(self.centre[1])), north


def _even(count: int) -> tuple[float, ...]:
    return tuple(round(k / count, 4) for k in range(count + 1))


HUAYANG = Scene(
    key="main",
    code="310105001",
    name="华阳路街道",
    short="华阳",
    centre=(121.4195, 31.2215),
    home="陶家宅",
    upright=("凯旋路", "安西路", "华阳路", "定西路", "江苏路", ""),
    level=("", "武夷路", "愚园路", "汇川路", "长宁路", ""),
    widths=(0.0, 0.19, 0.39, 0.60, 0.81, 1.0),
    heights=(0.0, 0.205, 0.40, 0.60, 0.79, 1.0),
    given_layout={
        "建宁": ((0, 4), (1, 4)), "苏一": ((2, 4),), "秀水": ((3, 4),), "天诚": ((4, 4),),
        "长一": ((0, 3),), "陶家宅": ((1, 3),), "飞乐": ((2, 3),), "西一": ((3, 3), (4, 3)),
        "华一": ((0, 2),), "华二": ((1, 2),), "华三": ((2, 2),), "潘西": ((3, 2),), "潘中": ((4, 2),),
        "徐家宅": ((0, 1),), "华四": ((1, 1),), "华五": ((2, 1),), "潘东": ((3, 1), (4, 1)),
        "华院": ((0, 0), (1, 0)), "长支二": ((2, 0),), "长二": ((3, 0),), "姚家角": ((4, 0),),
    },
    given_grids={
        "第一综合网格": ("建宁", "苏一", "长一", "陶家宅"),
        "第二综合网格": ("秀水", "天诚", "飞乐", "西一"),
        "第三综合网格": ("华一", "华二", "华三", "徐家宅", "华四", "华院"),
        "第四综合网格": ("潘西", "潘中", "潘东", "华五", "长支二", "长二", "姚家角"),
    },
    # Ranges of fine columns and rows that cross the borders of neighbourhoods and grids.
    blocks={"中山公园商圈街区": (2, 12, 10, 18), "愚园路街区": (0, 5, 16, 10), "武夷路街区": (6, 1, 20, 5)},
    lanes=("长宁路488弄", "定西路1232弄", "安西路23弄", "凯旋路369弄", "长宁路712弄"),
    given_others=("华一", "潘西", "华三"),
    river="苏州河",
    park="中山公园",
)  # fmt: skip

TIANSHAN = Scene(
    key="tianshan",
    code="310105006",
    name="天山路街道",
    short="天山路",
    centre=(121.4010, 31.2130),
    home="天山二村",
    upright=("芙蓉江路", "威宁路", "娄山关路", "遵义路", "中山西路", ""),
    level=("", "茅台路", "仙霞路", "天山路", ""),
    rows=4,
    widths=_even(5),
    heights=_even(4),
    expected=18,
    note="五篇原文之五：5 月 26 日“四史”讲座，18 个居民区的居委干部收看；统计名录中有 17 个，缺少的一个不编造",
)

NANJING_EAST = Scene(
    key="nanjingdonglu",
    code="310101002",
    name="南京东路街道",
    short="南京东路",
    centre=(121.4785, 31.2360),
    home="云南中路",
    upright=("西藏中路", "浙江中路", "福建中路", "山西南路", "河南中路", ""),
    level=("", "福州路", "九江路", "北京东路", ""),
    rows=4,
    widths=_even(5),
    heights=_even(4),
    blocks={"原点街区": (2, 1, 8, 7), "南步街区": (6, 7, 14, 12), "广场街区": (12, 3, 19, 10)},
)

LUJIAZUI = Scene(
    key="lujiazui",
    code="310115005",
    name="陆家嘴街道",
    short="陆家嘴",
    centre=(121.5140, 31.2320),
    home="崂山二村",
    upright=("浦东南路", "崂山路", "东方路", "福山路", "源深路", "民生路", ""),
    level=("", "潍坊路", "张杨路", "商城路", "乳山路", "栖霞路", ""),
    columns=6,
    rows=6,
    widths=_even(6),
    heights=_even(6),
    wide=2300.0,
    high=2000.0,
)

SCENES: dict[str, Scene] = {
    "huayang": HUAYANG, "tianshan": TIANSHAN, "nanjingdonglu": NANJING_EAST, "lujiazui": LUJIAZUI,
}  # fmt: skip
