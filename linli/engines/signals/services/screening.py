"""Refuses what says who somebody is, in words, before anything of it is read, counted or kept."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.engines.signals.rules.screening import Who, personal_in
from linli.foundation.core.errors import InvalidError


def _words() -> dict[Who, str]:
    return {
        Who.NAME: _("含有姓名、性别、年龄等个人情况。"),
        Who.NUMBER: _("含有证件号、账号或可以认出个人的号码。"),
        Who.PHONE: _("含有电话号码或个人设备的编号。"),
        Who.PLATE: _("含有车牌号。"),
        Who.FACE: _("含有人脸或身体特征。"),
        Who.IMAGE: _("含有图像、音视频或其链接。"),
        Who.TRACK: _("含有个人的轨迹或编号。"),
        Who.SHAPE: _("内容过深或过多，无法检查。"),
    }


def check_harmless(payload: Any) -> None:
    """Refuse a payload that says who somebody is.

    Raises:
        InvalidError: each such field with what is wrong, without a word of what was sent.
    """
    found = personal_in(payload)
    if not found:
        return
    words = _words()
    raise InvalidError(
        _("信号中含有可以认出个人的内容，没有接收，也没有保存。"), code="signals.personal",
        hint=_("请在设备或平台上关闭这些字段，只报送发生了什么、在何时。"),
        fields={f.where or "body": [words[f.who]] for f in found},
    )  # fmt: skip
