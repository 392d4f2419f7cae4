"""What can go wrong when people are to be told something."""

from __future__ import annotations

from linli.foundation.core.errors import InvalidError, NotFoundError


class TemplateError(InvalidError):
    """A template, or the parameters given to one, do not fit."""

    code = "messages.template"


class MessageNotFoundError(NotFoundError):
    """There is no such message."""

    code = "messages.not_found"
