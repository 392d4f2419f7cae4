"""What holds for every text that a person sees, and what no file may mention."""

import re
import tomllib

import pytest

from tests.repository.files import ROOT, kept, name, templates
from tools import punctuation, translations

HAN = re.compile(r"[\u3400-\u9fff]")
BLOCKS = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->"
    r"|{%\s*trans(?:late)?\b.*?%}|_\((\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
# Put together here so that this file does not mention them itself.
FORBIDDEN = [
    "/wo" + "rk/", "/tm" + "p/", "/op" + "t/", "/ro" + "ot/", "/ho" + "me/",
    "pypi.o" + "rg", "pythonhosted.o" + "rg", "registry.npm" + "js", "npmm" + "irror", "mirr" + "ors.",
]  # fmt: skip
# The test server's own examples of refused or escaped paths, and the like, may be listed here with the reason.
MENTIONS: dict[str, str] = {}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".ts",
    ".sh",
    ".yml",
    ".yaml",
    ".json",
    ".po",
    ".cfg",
}


def test_no_file_mentions_a_machine_or_a_registry():
    found = []
    for path in kept():
        if path.suffix not in TEXT and path.name not in {"Makefile", "run"}:
            continue
        text = path.read_text(encoding="utf8", errors="replace")
        found += [f"{name(path)}: {word}" for word in FORBIDDEN if word in text and name(path) not in MENTIONS]
    assert found == []


@pytest.mark.parametrize("path", [p for p in templates() if "gallery" not in p.parts], ids=name)
def test_every_text_of_a_template_goes_through_gettext(path):
    """A language is named in itself, and the gallery shows samples; all else is translated."""
    text = path.read_text(encoding="utf8").replace("简体中文", "").replace("中文", "")
    text = BLOCKS.sub(lambda m: "\n" * m.group(0).count("\n"), text)
    bare = [f"{number}: {line.strip()[:80]}" for number, line in enumerate(text.splitlines(), 1) if HAN.search(line)]
    assert bare == []


def test_chinese_text_has_full_width_marks():
    assert [fault for path in punctuation.files() for fault in punctuation.faults(path)] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{% translate "案件已关闭,请刷新" %}', True),
        ('{% translate "案件已关闭，请刷新" %}', False),
        ('<p class="a">{% translate "时限" %}: 3</p>', False),
        ("<p>处置(第一步)</p>", True),
        ("时限: 三天  {# punctuation: ok #}", False),
    ],
)
def test_punctuation_lint(tmp_path, text, wrong):
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf8")
    assert bool(punctuation.faults(path)) is wrong


def test_placeholders_of_the_english_must_match():
    catalogue = translations.Catalog(locale="en")
    catalogue.add("还有 %(count)s 件", "%(number)s left")
    catalogue.add("确定", "OK")
    catalogue.add("取消", "")
    assert translations.faults(catalogue) == [
        "other placeholders: 还有 %(count)s 件 → %(number)s left",
        "no English: 取消",
    ]


@pytest.mark.parametrize("path", [p for p in kept() if p.suffix == ".toml"], ids=name)
def test_toml_can_be_read(path):
    assert tomllib.loads(path.read_text(encoding="utf8"))


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_commands_of_the_readme_exist(readme):
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (ROOT / readme).read_text(encoding="utf8")
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))))
    assert named
    assert named <= targets


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_pictures_and_links_of_the_readme_exist(readme):
    text = re.sub(r"<!--.*?-->", "", (ROOT / readme).read_text(encoding="utf8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
