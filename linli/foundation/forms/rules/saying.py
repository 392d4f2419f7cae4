"""Problems of a form in words: what is wrong, and what to do.

Messages go through gettext, which is all of Django that stands here.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.foundation.forms.types import Problem

# code → (what is wrong, what to do); %(detail)s is what it is about, %(at)s the character.
_SAID: dict[str, tuple[str, str]] = {
    "schema": (gettext_noop("这不是本系统认识的表单格式。"), gettext_noop("请导入 XLSForm 表格（.xlsx）。")),
    "shape": (gettext_noop("表单内容的结构有误。"), gettext_noop("请重新导入。")),
    "empty": (gettext_noop("表单里没有问题。"), gettext_noop("请至少写一个问题。")),
    "too_many": (
        gettext_noop("内容太多：%(detail)s 项。"),
        gettext_noop("一张表单最多 1000 个问题、10000 个选项；请拆成几张表单，或改为从台账里选。"),
    ),
    "deep": (gettext_noop("分组套得太深。"), gettext_noop("分组最多套 8 层。")),
    "code": (
        gettext_noop("名称“%(detail)s”不能用。"),
        gettext_noop("名称以字母、汉字或下划线开头，只含字母、数字、下划线、连字符和点，最多 64 个字符。"),
    ),
    "reserved": (gettext_noop("名称“%(detail)s”是保留字。"), gettext_noop("请换一个名称。")),
    "twice": (
        gettext_noop("名称“%(detail)s”重复。"),
        gettext_noop("同一组里名称不能重复（不分大小写），重复组的名称在整张表里不能重复。"),
    ),
    "type": (gettext_noop("没有“%(detail)s”这种题型。"), gettext_noop("请对照《表单参考》改用支持的题型。")),
    "list": (gettext_noop("选项表“%(detail)s”名称不对，或者是空的。"), gettext_noop("请改名，或补上选项。")),
    "no_list": (gettext_noop("找不到选项表“%(detail)s”。"), gettext_noop("请在 choices 工作表里补上它，或改正名称。")),
    "no_choices": (gettext_noop("选择题没有选项。"), gettext_noop("请写明用哪个选项表。")),
    "not_choosing": (gettext_noop("只有选择题才能有选项。"), gettext_noop("请去掉选项，或改为选择题。")),
    "choice_code": (
        gettext_noop("选项的代码“%(detail)s”为空、太长，或前后有空格。"),
        gettext_noop("请写明选项的 name。"),
    ),
    "choice_space": (gettext_noop("多选题的选项代码“%(detail)s”里有空格。"), gettext_noop("请把空格改为下划线。")),
    "choice_twice": (gettext_noop("选项代码“%(detail)s”重复。"), gettext_noop("同一个选项表里代码不能重复。")),
    "choice_label": (gettext_noop("选项没有文字，也没有图片。"), gettext_noop("请写明 label。")),
    "mark": (gettext_noop("选项的得分“%(detail)s”不是数字。"), gettext_noop("请填 0 到 1 之间的数。")),
    "empty_group": (gettext_noop("这个组里没有问题。"), gettext_noop("请删去空组，或在里面写问题。")),
    "count": (gettext_noop("只有重复组才能写次数。"), gettext_noop("请改为 begin_repeat，或删去次数。")),
    "no_calculation": (gettext_noop("计算题没有写算式。"), gettext_noop("请在 calculation 列写算式。")),
    "range": (
        gettext_noop("范围题的起点、终点或步长不对。"),
        gettext_noop("请写成“start=0 end=10 step=1”，步长大于 0。"),
    ),
    "label": (gettext_noop("问题没有文字。"), gettext_noop("请写明 label。")),
    "least": (gettext_noop("照片的张数不对。"), gettext_noop("最少和最多都在 0 到 20 之间，最少不大于最多。")),
    "default": (gettext_noop("默认值“%(detail)s”像是算式。"), gettext_noop("请写成算式默认值，或去掉其中的括号。")),
    "score": (
        gettext_noop("评分设置有误（%(detail)s）。"),
        gettext_noop("满分和权重填不小于 0 的数；一票否决填 group 或 form；不适用填选项代码。"),
    ),
    "circular": (gettext_noop("条件绕成了圈：%(detail)s。"), gettext_noop("请去掉其中一个条件或算式。")),
    "unknown_name": (
        gettext_noop("条件里的“%(detail)s”在表单里找不到。"),
        gettext_noop("请改正名称，或补上这个问题。"),
    ),
    "ambiguous": (gettext_noop("条件里的“%(detail)s”不止一个问题用。"), gettext_noop("请给这些问题起不同的名称。")),
    "no_column": (
        gettext_noop("选项表里没有“%(detail)s”这一列。"),
        gettext_noop("请在 choices 工作表里补上这一列，或改正名称。"),
    ),
    "expression_character": (
        gettext_noop("第 %(at)s 个字起读不懂：“%(detail)s”。"),
        gettext_noop("请用英文半角符号，文字放在引号里。"),
    ),
    "expression_long": (gettext_noop("条件或算式太长。"), gettext_noop("请拆成几个计算题。")),
    "expression_deep": (gettext_noop("条件或算式套得太深。"), gettext_noop("请拆成几个计算题。")),
    "expression_expected": (
        gettext_noop("第 %(at)s 个字处缺少“%(detail)s”。"),
        gettext_noop("请检查括号和逗号是否成对。"),
    ),
    "expression_value": (gettext_noop("第 %(at)s 个字处缺少内容。"), gettext_noop("请补全条件或算式。")),
    "expression_function": (
        gettext_noop("不支持函数“%(detail)s”。"),
        gettext_noop("请对照《表单参考》改用支持的函数。"),
    ),
    "expression_arguments": (
        gettext_noop("函数“%(detail)s”的参数不对。"),
        gettext_noop("请对照《表单参考》补齐或减少参数。"),
    ),
    "expression_rest": (gettext_noop("第 %(at)s 个字起多出“%(detail)s”。"), gettext_noop("请检查是否少了 and 或 or。")),
    "expression_pattern": (
        gettext_noop("正则表达式里的“%(detail)s”不支持。"),
        gettext_noop("请只用字符、字符组、括号、| 和次数，写成引号里的文字；不支持前后查找和回引。"),
    ),
    "expression_column": (
        gettext_noop("“%(detail)s”不是问题的引用。"),
        gettext_noop("请写成 ${%(detail)s}；文字放在引号里。"),
    ),
    "expression_work": (gettext_noop("条件或算式太费时。"), gettext_noop("请简化。")),
}


def said(problem: Problem) -> tuple[str, str]:
    """Return what is wrong and what to do about it, in the language of the reader."""
    message, hint = _SAID[problem.what]
    detail = {"detail": problem.detail, "at": problem.at}
    return _(message) % detail, _(hint) % detail


KNOWN = frozenset(_SAID)
