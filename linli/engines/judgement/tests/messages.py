"""A small corpus of this project's own: what people write of four kinds of problems."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from linli.engines.judgement.rules.category_features import Message
from linli.engines.judgement.rules.category_training import Example

PLACES = (
    "长宁路488弄", "华三小区东门", "定西路菜场旁", "陶家宅后弄", "江苏路地铁口", "武夷路转角", "曹家堰12号楼下",
    "姚家角公交站", "安西路小学对面", "凯旋路桥下", "西诸安浜居委会门口", "秀水花苑北面",
)  # fmt: skip
TALES = {
    "street_lamp": (
        "路灯不亮", "灯杆歪了", "晚上一片漆黑", "灯泡一闪一闪", "走夜路看不清", "老人黑地里摔跤", "灯罩掉下来",
        "整排照明坏掉", "白天反而亮着", "变压器箱门开着", "照明恢复不了", "夜里黑得害怕",
    ),
    "garbage": (
        "垃圾没人清运", "桶满出来", "苍蝇乱飞", "气味熏人", "剩菜倒在路边", "旧沙发扔着", "纸箱堆成山", "装修废料偷倒",
        "保洁几天不来", "老鼠出没", "湿垃圾流汤", "大件丢在绿地",
    ),
    "noise": (
        "半夜施工", "打桩声不停", "音响开到两点", "睡不着觉", "广场舞喇叭", "空调外机轰鸣", "狗叫一整夜", "切割机刺耳",
        "孩子没法做作业", "酒吧客人喧哗", "装修敲墙", "分贝超过标准",
    ),
    "sewage": (
        "下水道堵塞", "污水外溢", "窨井冒水", "管道破裂", "粪水流到路上", "化粪池满了", "底楼倒灌", "地漏反水",
        "管网没有疏通", "雨天积着黑水", "抽粪车不来", "井口冒泡",
    ),
}  # fmt: skip
ENDINGS = (
    "请尽快处理",
    "希望有人来看看",
    "打过电话没有回音",
    "邻居都有意见",
    "麻烦派人",
    "已经一个多月",
    "上次说修好了",
)


def corpus(start: datetime, days: int = 200, seed: int = 1) -> list[Example]:
    """Return 440 messages, spread evenly over ``days`` from ``start``."""
    lot, labels, step = random.Random(seed), sorted(TALES), timedelta(days=days) / 440
    found = []
    for i in range(440):
        label = labels[i % 4]
        text = f"{lot.choice(PLACES)}，{'，'.join(lot.sample(TALES[label], 3))}，{lot.choice(ENDINGS)}。"
        found.append(Example(f"m{i}", Message(text, at=start + i * step), label))
    return found
