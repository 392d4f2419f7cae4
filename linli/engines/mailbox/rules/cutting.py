"""What of a mail's text is new: the history that a mailer adds below and the signature are left out."""

from __future__ import annotations

import re

MOST_LINES = 20_000
_LONGEST_LINE = 400
_SIGNATURE_LINES = 12

_RULER = re.compile(
    r"^\s{0,3}-{2,}\s{0,8}(?:Original (?:Message|Appointment)|Forwarded message|Reply message|"
    r"原始(?:邮件|郵件)(?:信息)?|原(?:邮件|郵件)|回复的(?:原)?邮件|回复邮件(?:信息)?|转发(?:的)?邮件(?:信息)?|邮件原文|引用原文)"
    r"\s{0,8}-{2,}",
    re.I,
)
_WROTE = (
    re.compile(r"^\s{0,3}(?:On|At|Le|Am)\s.{6,360}(?:wrote|写道)\s?[:：]\s?$", re.I),
    re.compile(r"^\s{0,3}(?:在|于)\s?.{4,360}写道\s?[:：]\s?$"),
    re.compile(r"^[^<\s].{0,120}<[^<>\s]{1,120}@[^<>\s]{1,120}>.{0,120}(?:写道|wrote)\s?[:：]\s?$", re.I),
)
_FROM = re.compile(r"^[\s*]{0,4}(?:发件人|寄件者|寄件人|From)[\s*]{0,3}[:：]", re.I)
_BESIDE = re.compile(
    r"^[\s*]{0,4}(?:发送时间|发送日期|发件时间|时间|日期|寄件日期|收件人|收件者|主题|主旨|抄送|Date|Sent|To|Subject|Cc)"
    r"[\s*]{0,3}[:：]",
    re.I,
)
_LINE = re.compile(r"^\s{0,3}[_-]{10,}\s*$")
_DELIMITER = re.compile(r"^-- ?$")
_DEVICE = re.compile(
    r"^\s{0,3}(?:发自|来自|由)\s?(?:我的|移动端|手机|QQ|网易|新浪|华为|小米|iPhone|iPad|安卓|Android).{0,40}$"
    r"|^\s{0,3}Sent from (?:my|Mail|Outlook|Yahoo).{0,60}$"
    r"|^\s{0,3}Get Outlook for .{0,60}$"
    r"|^\s{0,3}(?:获取|下载) ?Outlook.{0,60}$",
    re.I,
)


def _is_introduction(pair: list[str]) -> bool:
    """Whether a mailer broke its one line ("On … wrote:") into these two."""
    if len(pair) < 2 or any(p.match(pair[1][:_LONGEST_LINE]) for p in _WROTE):
        return False
    both = f"{pair[0]} {pair[1].strip()}"
    return len(both) <= _LONGEST_LINE and any(p.match(both) for p in _WROTE)


def _history(lines: list[str]) -> int | None:
    """Return where the history begins."""
    for i, line in enumerate(lines):
        if len(line) > _LONGEST_LINE:
            continue
        if _RULER.match(line) or any(p.match(line) for p in _WROTE):
            return i
        if line.strip() and _is_introduction(lines[i : i + 2]):
            return i
        if _FROM.match(line) and any(_BESIDE.match(x) for x in lines[i + 1 : i + 5] if len(x) <= _LONGEST_LINE):
            return i - 1 if i and _LINE.match(lines[i - 1]) else i
    return None


def _unquoted(lines: list[str]) -> list[str]:
    """Return the lines without the quoted block at the end; quotes between answers stay."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith((">", "＞"))):
        end -= 1
    return lines[:end]


def _unsigned(lines: list[str]) -> list[str]:
    """Return the lines without a signature of the standard form or of a telephone."""
    begin = max(0, len(lines) - _SIGNATURE_LINES)
    for i in range(begin, len(lines)):
        if _DELIMITER.match(lines[i]):
            lines = lines[:i]
            break
    while lines and (not lines[-1].strip() or (len(lines[-1]) <= _LONGEST_LINE and _DEVICE.match(lines[-1]))):
        lines = lines[:-1]
    return lines


def cut(text: str, *, answer: bool) -> str:
    """Return what is new in ``text``, never more than that; all of it where nothing would be left.

    Args:
        answer: whether it answers another mail; else what stands below is what somebody passes on to us, and stays.
    """
    whole = text.strip()
    lines = whole.split("\n")
    if len(lines) > MOST_LINES:
        return whole
    if answer:
        at = _history(lines)
        lines = _unquoted(lines if at is None else lines[:at])
    kept = "\n".join(_unsigned(lines)).strip()
    return kept or whole
