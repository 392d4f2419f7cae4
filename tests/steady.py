"""What keeps a browser test from acting on a page that is not there yet, and a slow line that shows who does.

Playwright waits until a button can be pressed, not until the page's scripts listen, and counts what has come
of a page so far: on a busy machine a key is lost, a list is empty. A person would wait for the page; so does a
test here. What comes without a new page it must wait for itself (``expect``, ``wait_for_selector``):
``LINLI_TEST_SLOW_LINE=1`` lets every answer wait, sends every page in pieces and every script late, and lets the
phone take its time to seal, open and ask, so that a test which does not wait fails each time, not once in a hundred.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

PATIENCE = 30_000  # milliseconds for which an expectation is waited for; a machine may be busy
WAIT = 0.1  # seconds before the server looks at a request
PIECE = 0.2  # seconds between the pieces of a page: its first line, its first half, the rest
LATE_SCRIPT = 0.4
SLOW_PHONE = """(() => {
  const late = (owner, name, ms) => {
    const real = owner[name];
    owner[name] = async function (...given) {
      await new Promise((on) => setTimeout(on, ms));
      return real.apply(this, given);
    };
  };
  if (crypto.subtle) for (const name of ["encrypt", "decrypt", "digest"]) late(SubtleCrypto.prototype, name, 120);
  late(window, "fetch", 120);
})()"""
_ACTS = ("click", "dblclick", "tap", "press", "type", "press_sequentially", "fill", "check", "uncheck", "set_checked")
_ACTS += ("select_option", "set_input_files", "hover", "focus", "drag_to", "dispatch_event")
_READS = (
    "all",
    "count",
    "all_inner_texts",
    "all_text_contents",
    "content",
    "evaluate",
    "evaluate_all",
    "get_attribute",
)
_READS += ("count", "inner_html", "inner_text", "input_value", "is_checked", "is_disabled", "is_enabled", "is_hidden")
_READS += ("is_visible", "query_selector", "query_selector_all", "screenshot", "text_content", "title")


def wait_before_acting() -> None:
    """Let every act and every reading of Playwright's synchronous face wait for the page's ``load`` first."""
    from playwright.sync_api import Locator, Page

    for kind in (Page, Locator):
        for name in _ACTS + _READS:
            act = getattr(kind, name, None)
            if act is not None and not hasattr(act, "__wrapped__"):
                setattr(kind, name, _after_load(act))
    keyboard = Page.keyboard.fget
    if not hasattr(keyboard, "__wrapped__"):
        Page.keyboard = property(_after_load(keyboard))


def _after_load(act: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(act)
    def acted(self: Any, *given: Any, **named: Any) -> Any:
        (self if isinstance(getattr(type(self), "keyboard", None), property) else self.page).wait_for_load_state("load")
        return act(self, *given, **named)

    return acted


def slow_phone() -> None:
    """Let every browser take its time for what its pages do without a new page."""
    from playwright.sync_api import Browser

    new = Browser.new_context

    def slow(self: Any, *given: Any, **named: Any) -> Any:
        context = new(self, *given, **named)
        context.add_init_script(SLOW_PHONE)
        return context

    Browser.new_context = slow


def slow_line() -> None:
    """Send each page of the live server in pieces, each script late."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler

    static, dynamic = StaticFilesHandler.__call__, WSGIHandler.__call__

    def late(self: Any, environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"].endswith(".js"):
            time.sleep(LATE_SCRIPT)
        return static(self, environ, start_response)

    def pieces(self: Any, environ: Any, start_response: Any) -> Any:
        time.sleep(WAIT)
        answer = dynamic(self, environ, start_response)
        if "text/html" not in environ.get("HTTP_ACCEPT", ""):
            return answer
        return _Pieces(answer)

    StaticFilesHandler.__call__ = late
    WSGIHandler.__call__ = pieces


class _Pieces:
    """An answer that comes in pieces; closed as the answer itself."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from _pieces(self.answer)

    def close(self) -> None:
        if hasattr(self.answer, "close"):
            self.answer.close()


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        for begin, end in itertools.pairwise((0, min(64, len(part)), max(64, len(part) // 2), max(64, len(part)))):
            yield part[begin:end]
            time.sleep(PIECE if end < len(part) else 0)
