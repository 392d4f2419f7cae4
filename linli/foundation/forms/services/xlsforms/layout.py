"""What an XLSForm sheet calls things, and what we call them: columns, types, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from linli.foundation.forms.types import QuestionType

_T = QuestionType
TYPES: Mapping[str, QuestionType] = {
    "text": _T.TEXT, "string": _T.TEXT, "integer": _T.INTEGER, "int": _T.INTEGER, "decimal": _T.DECIMAL,
    "range": _T.RANGE, "date": _T.DATE, "time": _T.TIME, "datetime": _T.DATETIME, "note": _T.NOTE,
    "geopoint": _T.PLACE, "gps": _T.PLACE, "location": _T.PLACE, "image": _T.PHOTO, "photo": _T.PHOTO,
    "audio": _T.AUDIO, "video": _T.VIDEO, "file": _T.FILE, "barcode": _T.BARCODE, "acknowledge": _T.ACKNOWLEDGE,
    "trigger": _T.ACKNOWLEDGE, "calculate": _T.CALCULATE, "hidden": _T.HIDDEN, "start": _T.START, "end": _T.END,
    "today": _T.TODAY,
}  # fmt: skip
SELECTS: Mapping[str, QuestionType] = {
    "select_one": _T.CHOICE, "select1": _T.CHOICE, "select_one_from_file": _T.CHOICE, "select_multiple": _T.CHOICES,
    "select_multiple_from_file": _T.CHOICES, "rank": _T.RANK,
}  # fmt: skip
# Who fills a form is known by the login; what follows a person or a device about is not taken.
TRACKING = frozenset({
    "deviceid", "imei", "subscriberid", "simserial", "phonenumber", "username", "email", "audit", "start-geopoint",
    "background-geopoint", "background-audio",
})  # fmt: skip
WRITTEN: Mapping[QuestionType, str] = {
    _T.TEXT: "text", _T.LONG_TEXT: "text", _T.PHONE: "text", _T.INTEGER: "integer", _T.DECIMAL: "decimal",
    _T.RANGE: "range", _T.DATE: "date", _T.TIME: "time", _T.DATETIME: "dateTime", _T.NOTE: "note",
    _T.YES_NO: "select_one linli_yes_no", _T.CHOICE: "select_one", _T.CHOICES: "select_multiple", _T.RANK: "rank",
    _T.PLACE: "geopoint", _T.PHOTO: "image", _T.SIGNATURE: "image", _T.AUDIO: "audio", _T.VIDEO: "video",
    _T.FILE: "file", _T.BARCODE: "barcode", _T.ACKNOWLEDGE: "acknowledge", _T.CALCULATE: "calculate",
    _T.HIDDEN: "hidden", _T.START: "start", _T.END: "end", _T.TODAY: "today",
}  # fmt: skip
YES_NO_LIST = "linli_yes_no"
# The appearance by which an XLSForm client shows a type of ours that it has no name for.
SHOWN_AS: Mapping[QuestionType, str] = {_T.LONG_TEXT: "multiline", _T.SIGNATURE: "signature"}
OWN_TYPES = {"long_text": _T.LONG_TEXT, "phone": _T.PHONE, "yes_no": _T.YES_NO}

# Words in languages → our name of the field.
WORDS = {
    "label": "label", "caption": "label", "hint": "hint", "guidance_hint": "guidance",
    "constraint_message": "constraint_message", "required_message": "required_message",
}  # fmt: skip
MEDIA = {"image", "audio", "video"}
PLAIN = {
    "type": "type", "name": "name", "required": "required", "relevant": "relevant", "relevance": "relevant",
    "constraint": "constraint", "calculation": "calculation", "calculate": "calculation", "default": "default",
    "appearance": "appearance", "read_only": "read_only", "readonly": "read_only", "choice_filter": "choice_filter",
    "parameters": "parameters", "repeat_count": "count", "count": "count", "trigger": "trigger",
    "list_name": "list_name", "value": "name",
    "linli_type": "linli_type", "linli_least": "least", "linli_most": "most", "linli_same_spot": "same_spot",
    "linli_personal": "personal", "linli_full": "full", "linli_weight": "weight", "linli_veto": "veto",
    "linli_spared": "spared", "linli_passes": "passes", "linli_mark": "mark", "linli_finds": "finds",
}  # fmt: skip
SETTINGS = {
    "form_title": "title", "title": "title", "form_id": "form_id", "id_string": "form_id", "version": "version",
    "default_language": "default_language", "instance_name": "instance_name", "style": "style",
}  # fmt: skip
_LANGUAGES = {"zh-hans": "中文 (zh)", "en": "English (en)"}
_NAMED = {
    "中文": "zh-hans", "简体中文": "zh-hans", "chinese": "zh-hans", "zh": "zh-hans", "zh-cn": "zh-hans",
    "zh_cn": "zh-hans", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
EXTRA = re.compile(r"linli_([a-z][a-z_]{0,30})")
_IN_BRACKETS = re.compile(r".*\(([^()]+)\)")


def language_of(name: str) -> str:
    """Return our code of a language as a sheet names it: ``English (en)``, ``中文``."""
    found = _IN_BRACKETS.fullmatch(name.strip())
    word = (found.group(1) if found else name).strip()
    return _NAMED.get(word.lower(), word.lower() if _TAG.fullmatch(word) else word)


def language_name(code: str) -> str:
    """Return the name of a language for the header of a column."""
    return _LANGUAGES.get(code) or (f"{code} ({code})" if _TAG.fullmatch(code) else code)


def column_of(header: str) -> tuple[str, str, str]:
    """Return (what, our field, language) of a header; what is words, media, plain, extra or unknown.

    The language is empty where none is named.
    """
    parts = [part.strip() for part in header.split("::")]
    if parts[0].lower() == "media" and len(parts) > 1:
        parts = parts[1:]
    name = re.sub(r"[ ]+", "_", parts[0].lower())
    language = language_of(parts[1]) if len(parts) > 1 else ""
    if name in WORDS and len(parts) < 3:
        return "words", WORDS[name], language
    if name in MEDIA and len(parts) < 3:
        return "media", name, language
    if len(parts) == 1 and name in PLAIN:
        return "plain", PLAIN[name], ""
    if len(parts) == 1 and (extra := EXTRA.fullmatch(name)):
        return "extra", extra.group(1), ""
    return "unknown", header, ""
