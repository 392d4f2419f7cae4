from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from linli.interfaces.web import context


def test_refusal_is_a_page_for_people(client):
    answer = client.get("/gallery/refuse/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "<html" in text
    assert "案件已被他人修改。" in text
    assert "请刷新后重试。" in text


def test_refusal_is_a_fragment_for_htmx(client):
    answer = client.get("/gallery/refuse/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert "案件已被他人修改。" in answer.content.decode()


def test_refusal_is_a_problem_for_programs(client):
    answer = client.get("/gallery/refuse/", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "cases.stale"


def test_unknown_page(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到这个页面。" in answer.content.decode()
    assert "错误代码 404" in answer.content.decode()


def test_form_without_token_is_told_in_chinese():
    answer = Client(enforce_csrf_checks=True).post("/gallery/say/")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@override_settings(ROOT_URLCONF="linli.interfaces.web.tests.broken_urls")
def test_failure_is_a_page():
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert "系统出现故障。" in answer.content.decode()


def test_an_error_page_stands_without_the_database(client, monkeypatch):
    asked = []

    def down(request):
        asked.append(request)
        raise OperationalError

    for name in context.DEFAULTS:
        monkeypatch.setitem(context._PROVIDERS, name, down)
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到这个页面。" in answer.content.decode()
    assert len(asked) == 1  # a database that does not answer is waited for once


@pytest.mark.parametrize(("sent", "kept"), [("elder-max", "elder-max"), ("", "")])
def test_text_size_is_remembered(client, sent, kept):
    answer = client.post("/preferences/", {"mode": sent, "next": "/gallery/public/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/gallery/public/"
    assert answer.cookies["linli_mode"].value == kept


def test_unknown_text_size_and_foreign_address_are_refused(client):
    answer = client.post("/preferences/", {"mode": "x", "theme": "<b>", "next": "https://example.org/"})
    assert answer["Location"] == "/"
    assert not answer.cookies


def test_preferences_are_only_posted(client):
    assert client.get("/preferences/").status_code == 405


def test_language_switch(client):
    answer = client.post("/language/", {"language": "en", "next": "/gallery/plain/"})
    assert answer.status_code == 302
    assert 'lang="en"' in client.get("/gallery/plain/").content.decode()


def test_no_inline_style_or_script_in_templates(client):
    for url in ("/gallery/", "/gallery/workbench/", "/gallery/public/", "/gallery/plain/", "/gallery/print/"):
        text = client.get(url).content.decode()
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


def test_detail_is_a_fragment_for_htmx_and_a_page_else(client):
    assert "<html" not in client.get("/gallery/workbench/0035/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in client.get("/gallery/workbench/0035/").content.decode()
    assert client.get("/gallery/workbench/9999/").status_code == 404
