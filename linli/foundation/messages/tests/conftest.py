import socket
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from linli.foundation.messages import templates

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai


@pytest.fixture(autouse=True)
def _fresh():
    templates.forget_overrides()
    yield
    templates.forget_overrides()


@pytest.fixture
def enqueued(monkeypatch):
    """What this room enqueues, kept instead of stored."""
    found = []
    monkeypatch.setattr("linli.foundation.messages.services.enqueue", lambda **job: found.append(job))
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Box:
    """A mail server that keeps what it gets; ``refuse`` is the answer to a recipient."""

    def __init__(self):
        self.letters = []
        self.refuse = ""
        self.port = free_port()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


@pytest.fixture
def smtp(settings):
    """A real SMTP server on loopback."""
    box = Box()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    settings.EMAIL_TIMEOUT = 5
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()
