"""The browser fixture itself: the faces' own flows stand in their rooms."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.smoke
@pytest.mark.slow
def test_a_browser_reaches_the_live_server(browser_page, live_server):
    answer = browser_page.request.get("/")
    assert answer.status < 500
    assert browser_page.evaluate("navigator.language") == "zh-CN"


@pytest.mark.slow
def test_nothing_but_loopback_can_be_reached():
    with socket.socket() as probe, pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"):
        probe.connect(("192.0.2.1", 80))
