"""What people might write, and where."""

from __future__ import annotations

import random

CATEGORIES = [
    "garbage",
    "corridor_clutter",
    "posters",
    "dumping",
    "cross_door",
    "shared_bikes",
    "car_parking",
    "abandoned_vehicle",
    "property_violation",
    "lift",
    "sewage",
    "pets",
    "flying_wires",
    "fire_exit",
    "well_cover",
    "road_damage",
    "street_lamp",
]
_WHAT = [
    "楼道里堆了纸箱和旧家具",
    "垃圾桶满了没人清运",
    "共享单车停满人行道",
    "电动车拉线到六楼充电",
    "店铺把货架摆到人行道上",
    "小广告贴了一墙",
    "下水道堵了污水外溢",
    "电梯停运老人下不了楼",
    "路灯不亮已有一周",
    "窨井盖松动有响声",
    "绿地被踩坏",
    "僵尸车占着车位",
    "有人在通道堆放建筑垃圾",
    "消防通道被私家车堵住",
    "遛狗不牵绳",
    "半夜施工噪声很大",
    "墙皮脱落怕砸到人",
    "快递柜占用了公共空间",
    "屋顶漏水多次报修",
    "树枝挡住了监控和路灯",
]
_WHEN = [
    "昨天晚上",
    "今天早上",
    "这几天",
    "上个月就反映过",
    "每逢周末",
    "下雨以后",
    "放学时间",
    "已经三天了",
    "从去年开始",
    "刚才路过",
]
_MORE = [
    "希望尽快派人处理",
    "影响老人和孩子出行",
    "邻居们都有意见",
    "物业说不归他们管",
    "请到现场看看",
    "处理好以后请告诉我结果",
    "之前处理过又出现了",
    "味道很重夏天更难受",
    "担心会着火",
    "拍了照片可以提供",
    "楼组长也知道这件事",
    "不知道该找哪个部门",
]
_ROADS = [
    "长宁路",
    "定西路",
    "华阳路",
    "安化路",
    "昭化路",
    "凯旋路",
    "武夷路",
    "江苏路",
    "宣化路",
    "中山西路",
    "汇川路",
    "万航渡路",
]


def wording(luck: random.Random) -> str:
    """Return what somebody might write, 40 to 120 characters."""
    where = f"{luck.choice(_ROADS)}{luck.randint(1, 900)}弄{luck.randint(1, 60)}号"
    parts = [f"{luck.choice(_WHEN)}，{where}{luck.choice(_WHAT)}"]
    parts += luck.sample(_MORE, luck.randint(1, 5))
    return "，".join(parts) + "。"


def address(luck: random.Random) -> str:
    """Return an address."""
    return f"{luck.choice(_ROADS)} {luck.randint(1, 900)} 弄 {luck.randint(1, 60)} 号"
