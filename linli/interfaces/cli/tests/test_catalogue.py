"""The compiler of catalogues, and the languages that Django shows."""

import gettext
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from linli.interfaces.cli import catalogue

SOURCE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

# a comment
#, python-format
msgid "还有 %(count)s 件"
msgid_plural "还有 %(count)s 件"
msgstr[0] "%(count)s left"
msgstr[1] "%(count)s are left"

msgctxt "动词"
msgid "结案"
msgstr "close"

msgid ""
"他说“好”，"
"\\n换行"
msgstr "line\\nbreak"

msgid "未译"
msgstr ""
"""


def test_what_is_compiled_is_read_by_gettext():
    words = gettext.GNUTranslations(io.BytesIO(catalogue.compiled(SOURCE)))
    assert words.ngettext("还有 %(count)s 件", "还有 %(count)s 件", 1) == "%(count)s left"
    assert words.ngettext("还有 %(count)s 件", "还有 %(count)s 件", 2) == "%(count)s are left"
    assert words.pgettext("动词", "结案") == "close"
    assert words.gettext("他说“好”，\n换行") == "line\nbreak"
    assert words.gettext("未译") == "未译"


def test_a_catalogue_is_compiled_once_until_it_changes(tmp_path):
    (tmp_path / "django.po").write_text(SOURCE, encoding="utf8")
    assert catalogue.compile_catalogues(tmp_path) == [tmp_path / "django.mo"]
    assert catalogue.compile_catalogues(tmp_path) == []


@pytest.mark.parametrize(
    ("language", "ours"), [("zh-hans", "这个分页地址已经失效。"), ("en", "This page address is no longer valid.")]
)
def test_chinese_is_the_source_and_english_is_translated(language, ours):
    with translation.override(language):
        assert translation.gettext("这个分页地址已经失效。") == ours


def test_djangos_own_messages_are_chinese():
    with translation.override("zh-hans"), pytest.raises(ValidationError) as found:
        validate_email("nobody")
    assert "输入一个有效的" in "".join(str(m) for m in found.value.messages)
