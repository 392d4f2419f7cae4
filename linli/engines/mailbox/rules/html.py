"""A page of HTML as plain text: nothing of it is fetched or run, and nothing that is not shown is taken."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tr", "ul"
})  # fmt: skip
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe"})
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)", re.I)
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"
})  # fmt: skip
_DEEPEST = 400


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.quoted = 0
        self.hidden: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = next((v or "" for k, v in attrs if k == "style"), "")
        hides = tag in _HIDDEN or any(k == "hidden" for k, _v in attrs) or bool(_NOT_SHOWN.search(style))
        if tag not in _VOID and len(self.open) < _DEEPEST:
            self.open.append((tag, hides))
            if hides:
                self.hidden.append(tag)
        if tag == "blockquote":
            self.quoted += 1
        if tag == "br" or tag in _BLOCKS:
            self._break(again=tag in {"br", "p"})
        if tag == "li" and not self.hidden:
            self.said.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _hides in self.open):
            return
        while self.open:
            name, hides = self.open.pop()
            if hides and self.hidden:
                self.hidden.pop()
            if name == "blockquote":
                self.quoted = max(0, self.quoted - 1)
            if name == tag:
                break
        if tag in _BLOCKS:
            self._break()
        elif tag in {"td", "th"}:
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(re.sub(r"[ \t\r\n\f\v\xa0]+", " ", data))

    def _break(self, *, again: bool = False) -> None:
        """Begin a new line; where nothing was said on this one, only ``again`` leaves it empty."""
        if not again and self.said and self.said[-1].startswith("\n"):
            self.said.pop()
        self.said.append("\n" + "> " * min(self.quoted, 3))


def plain_text(html: str) -> str:
    """Return what a reader of ``html`` would see, line by line; quoted parts begin with ``>``."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        return re.sub(r"<[^>]{0,2000}>", " ", html)
    lines = [re.sub(r" {2,}", " ", line).strip() for line in "".join(reader.said).split("\n")]
    kept: list[str] = []
    for line in lines:
        bare = line.replace(">", "").strip()
        if bare or (kept and kept[-1]):
            kept.append(line if bare else "")
    return "\n".join(kept).strip()
