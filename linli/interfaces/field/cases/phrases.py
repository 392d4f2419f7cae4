"""Phrases that save typing on a phone; chosen, then added to what is typed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow import Text

HAND_IN: tuple[Text, ...] = (
    _("现场已清理完毕，恢复整洁。"),
    _("已当面劝导，当事人当场整改。"),
    _("已联系责任单位，现场处置完毕。"),
    _("已向反映人当面说明情况，反映人表示理解。"),
    _("经现场查看，未发现所反映的情况。"),
)
REPLY: tuple[Text, ...] = (
    _("您反映的问题已处理完毕，感谢您的监督。"),
    _("已向您说明相关规定和处理结果，如有疑问可随时联系居委会。"),
    _("问题已转相关单位继续跟进，有进展会及时告知您。"),
)
VERIFY: tuple[Text, ...] = (_("现场情况与反映一致。"), _("现场未发现所反映的情况。"), _("现场无人，无法入内查看。"))
CHECK: tuple[Text, ...] = (_("现场已整改到位。"), _("现场仍有残留，请再次清理。"), _("照片与现场不符，请重新处置。"))
