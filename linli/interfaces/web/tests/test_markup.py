import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.urls import reverse
from django.urls.base import get_script_prefix, set_script_prefix
from django.utils import timezone, translation

from linli.interfaces.web import components, formats
from linli.interfaces.web.gallery import samples
from linli.interfaces.web.links import address
from linli.interfaces.web.stencils import Stencil
from linli.interfaces.web.templatetags import linli as tags

COTTON = Path(components.__file__).parent / "templates" / "cotton"
NOW = samples.NOW


@pytest.fixture(autouse=True)
def _forget():
    components.forget()


def _say(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize("name", sorted(components.KEPT))
def test_kept_components_show_nothing_but_what_they_are_given(name):
    source = (COTTON / f"{name}.html").read_text(encoding="utf8")
    declared = re.search(r"<c-vars([^>]*)/>", source)
    known = {"slot"} | set(re.findall(r"(\w+)=", declared.group(1)) if declared else ())
    assert set(re.findall(r"{{ *(\w+)", source)) | set(re.findall(r"{% if (\w+)", source)) <= known
    assert ":" not in (declared.group(1) if declared else "")


def test_a_kept_component_is_what_it_would_be():
    uses = (
        '<c-icon name="map-pin" />',
        '<c-icon name="map-pin" label="地点" class="x" />',
        '<c-icon name="{{ a }}" />',
        '<c-icon :name="a" />',
        '<c-status kind="{{ a }}">{{ b }}</c-status>',
        '<c-tag kind="urgent">{{ b }}</c-tag>',
        "<c-tag>{{ b }}</c-tag>",
        "<c-tag><c-icon name='x' />{{ a }}</c-tag>",
        "<c-kbd>{{ a }}</c-kbd>",
    )
    from django_cotton.compiler_regex import CottonCompiler

    for use in uses:
        source = CottonCompiler().process(use)
        for given in ({"a": "one", "b": "<b>"}, {"a": "two", "b": "&"}, {"a": "one", "b": "<b>"}):
            node = Template(source).nodelist[0]
            assert isinstance(node, components.KeptComponent), use
            first = _say(source, **given)
            plain = Template(source)
            plain.nodelist[0] = node.component
            assert _say(source, **given) == first == plain.render(Context(given)), use


def test_what_is_kept_speaks_the_readers_language():
    source = '{% cotton tag %}{% translate "紧急" %}{% endcotton %}'
    assert "紧急" in _say(source)
    with translation.override("en"):
        assert "紧急" not in _say(source)


def test_a_kept_block_speaks_the_readers_language():
    template = Template('{% kept %}{% translate "紧急" %}{% asset "icons.svg" %}{% endkept %}')
    assert template.render(Context()).startswith("紧急")
    with translation.override("en"):
        assert not template.render(Context()).startswith("紧急")
    assert template.render(Context()).startswith("紧急")


@pytest.mark.parametrize(
    "inside",
    [
        "{{ name }}",
        "{% if name %}x{% endif %}",
        "{% translate name %}",
        "{% asset name %}",
        "{% csrf_token %}",
        '{% cotton icon name="{{ name }}" / %}',
        "{% cotton icon :name=name / %}",
        "{% cotton tag %}{{ name }}{% endcotton %}",
    ],
)
def test_a_kept_block_refuses_what_differs(inside):
    with pytest.raises(TemplateSyntaxError):
        Template("{% kept %}<p>" + inside + "</p>{% endkept %}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_stencil_gives_what_the_template_would(language):
    nasty = {"title": "<b>&\"'\ue0f0url\ue0f1", "address": "𠮷{{ x }}{% url %}", "area": "\ue0f1", "id": "A-1"}
    with translation.override(language):
        for row in [*samples.rows(), {**samples.rows()[0], **nasty}, {**samples.rows()[0], "due": None}]:
            for selected in ("", row["id"]):
                due, at = row["due"], row["at"]
                shown = {
                    **row,
                    "at_iso": timezone.localtime(at).isoformat(),
                    "at_words": formats.day_time(at, NOW),
                    "left": formats.time_left(due, NOW) if due else row["closing"],
                    "urgency": formats.urgency(due, NOW) if due else "",
                }
                whole = render_to_string("web/_caserow.html", {"row": shown, "selected": bool(selected)})
                assert tags.caserows([row], NOW, selected) == whole


def test_a_shape_is_cut_once():
    stencil = Stencil("web/_caserow.html", words=tags._WORDS)
    row = {name: name for name in tags._WORDS}
    for i in range(3):
        assert f"<x{i}>" not in stencil.fill({**row, "title": f"<x{i}>"}, {"urgent": False, "status": "new"})
    assert len(stencil._cut) == 1


def test_options_are_escaped_and_the_chosen_marked():
    choices: list[dict[str, Any]] = [
        {"value": 1, "label": "<一>"},
        {"value": '"', "label": "二"},
        {"value": "", "label": "全部"},
    ]
    assert tags.options(choices, "1") == (
        '<option value="1" selected>&lt;一&gt;</option><option value="&quot;">二</option><option value="">全部</option>'
    )
    assert tags.options(choices, [1, '"']).count(" selected") == 2
    assert '<option value="" selected>' in tags.options(choices, "")
    assert "selected" not in tags.options(choices, None)


def test_urgency_and_times_follow_the_clock():
    row = {**samples.rows()[0], "due": NOW + timedelta(hours=30)}
    assert "is-calm" in tags.caserows([row], NOW)
    assert "is-late" in tags.caserows([row], NOW + timedelta(hours=31))


def test_an_address_is_what_django_says():
    for name in ("desk:case", "desk:due", "desk:slip"):
        for number in ("HY20260310-0001", "0-0", "x"):
            assert address(name, number) == reverse(name, args=[number])
    before = get_script_prefix()
    set_script_prefix("/linli/")
    try:
        assert address("desk:case", "x") == reverse("desk:case", args=["x"]) == "/linli/desk/cases/x/"
    finally:
        set_script_prefix(before)
