"""A message in WeChat or WeCom, by the operator's gateway (``LINLI_GATEWAY_WECHAT_URL``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError
from linli.foundation.messages.channels import gateway
from linli.foundation.messages.types import Letter, Recipient, Sent, State

_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class WeChat:
    """To the name that the account knows a person by: an openid, or a userid of WeCom."""

    first_state: State = State.QUEUED
    by_hand: bool = False
    quiet: bool = True
    optional: bool = True
    sends: bool = True

    def address(self, recipient: Recipient) -> str:
        """Return the name, if it is one."""
        if not gateway.url_of("wechat"):
            raise InvalidError(
                _("没有设置微信网关。"), code="messages.wechat_gateway", hint=_("请改用站内消息或短信。")
            )
        if not _NAME.fullmatch(recipient.wechat):
            raise InvalidError(_("没有可用的微信账号。"), code="messages.wechat", hint=_("请改用站内消息或短信。"))
        return recipient.wechat

    def opened(self) -> AbstractContextManager[Callable[[Letter], Sent]]:
        """Give a function that asks the gateway."""
        return gateway.opened("wechat")


channel = WeChat()
