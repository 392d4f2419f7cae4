"""The extraction of what the product says."""

import pytest

from tools import translations

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
a = _("案件")
b = gettext_lazy("还有 %(count)s 件")
c = ngettext("%(n)s 天", "%(n)s 天 ", n)
d = pgettext("动词", "结案")
e = _(variable)
f = "不译"
"""
TEMPLATE = """{% translate "标题" %}
{% blocktranslate with n=count %}共 {{ n }} 件{% endblocktranslate %}
<c-x label="{% translate '签' %}"/>
"""


@pytest.fixture
def product(tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    (tmp_path / "a.py").write_text(PYTHON, encoding="utf8")
    (tmp_path / "templates" / "a.html").write_text(TEMPLATE, encoding="utf8")
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    monkeypatch.setattr(translations, "CATALOGUE", tmp_path / "locale" / "django.po")
    return tmp_path


def test_python_and_templates_are_searched(product):
    found = {m.id if isinstance(m.id, str) else m.id[0]: m.context for m in translations.extract() if m.id}
    assert found == {
        "案件": None,
        "还有 %(count)s 件": None,
        "%(n)s 天": None,
        "结案": "动词",
        "标题": None,
        "共 %(n)s 件": None,
        "签": None,
    }


def test_what_was_translated_stays_and_what_is_said_no_more_goes(product):
    translations.CATALOGUE.parent.mkdir()
    translations.CATALOGUE.write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "案件"\nmsgstr "case"\n\nmsgid "旧"\nmsgstr "old"\n', encoding="utf8"
    )
    english = {m.id: m.string for m in translations.merged() if isinstance(m.id, str) and m.id}
    assert english["案件"] == "case"
    assert "旧" not in english
    assert "no English: 标题" in translations.faults(translations.merged())
