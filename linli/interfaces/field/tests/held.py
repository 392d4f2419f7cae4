"""A phone in the hand: one browser context, its pages, the line that can be cut, what lies in its store."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

from PIL import Image

from linli.interfaces.field.tests.stage import Stage, picture
from tests.login import log_in_page

DUMP = """async () => {
  const db = await new Promise((done, failed) => {
    const asked = indexedDB.open('linli-field'); asked.onsuccess = () => done(asked.result); asked.onerror = failed; });
  const found = {};
  for (const name of db.objectStoreNames) found[name] = await new Promise((done) => {
    const asked = db.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
  db.close();
  const bytes = (b) => new TextDecoder('latin1').decode(b);
  return JSON.stringify(found, (k, v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v) ? bytes(v)
    : v instanceof CryptoKey ? {extractable: v.extractable} : v);
}"""


class Held:
    """One phone: ``page`` is the tab in front."""

    def __init__(self, make: Callable[..., Any], url: str, stage: Stage) -> None:
        self.url, self.stage = url, stage
        self.faults: list[str] = []
        self.context = make(
            base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844},
            permissions=["geolocation"], geolocation={"latitude": 31.22154, "longitude": 121.41954},
        )  # fmt: skip
        self.page = self.tab()

    def close(self) -> None:
        self.context.close()

    def tab(self) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def enter(self, who: str = "chengguan") -> Any:
        return log_in_page(self.page, self.stage.world.users[who], self.url)

    def leave(self) -> None:
        self.context.clear_cookies()

    def ready(self, who: str = "chengguan", sees: str = "小店1") -> Any:
        """Log in and open the app with reception until worker, package and form are on the phone."""
        self.enter(who)
        self.page.goto("/field/app/")
        self.page.wait_for_selector(f"text={sees}")
        self.controlled()
        self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until the app has spoken with the server to the end."""
        self.page.wait_for_selector("html[data-contact=done]", state="attached")

    def controlled(self) -> None:
        """Wait until the worker has the page."""
        self.page.evaluate(
            "navigator.serviceWorker.controller || new Promise((done) => {"
            " navigator.serviceWorker.addEventListener('controllerchange', () => done(true), {once: true}); })"
        )

    def cut(self) -> None:
        self.context.set_offline(True)

    def mend(self) -> None:
        self.context.set_offline(False)

    def open(self, hash_: str, name: str = "") -> None:
        # What stands there is not what is waited for, even if both are pages of one kind.
        gone = "if (location.hash !== to) delete document.querySelector('main').dataset.ready;"
        self.page.evaluate(f"(to) => {{ {gone} location.hash = to; }}", f"#/{hash_}")
        self.page.wait_for_selector(f'main[data-ready="{name or hash_.split("/")[0]}"]')

    def fill(self, at: int = 0, *, photo: bool = False, memo: str = "", answer: str = "good") -> None:
        """Fill the form of a visit without sending it."""
        self.open(f"fill/{self.stage.scene.visits[at].uuid}")
        self.page.click(f'.fa__form label:has(input[value="{answer}"])')
        if memo:
            self.page.fill(".fa__form textarea >> nth=0", memo)
        if photo:
            self.page.set_input_files(".fa__form input[type=file] >> nth=-1", [shot(at + 3)])
            self.page.wait_for_selector(".fq__photos li img")

    def send(self, at: int = 0, **more: Any) -> None:
        """Fill the form of a visit and submit it."""
        self.fill(at, **more)
        self.page.click("button:has-text('提交')")
        self.page.wait_for_selector('main[data-ready="records"]')

    def banner(self) -> str:
        return str(self.page.inner_text("#fa-banner"))

    def states(self) -> list[str]:
        return sorted(row["state"] for row in self.kept()["items"] if row["box"] == "queue")

    def kept(self) -> dict[str, Any]:
        """Return all that lies in the phone's store, sealed things as the bytes they are."""
        found: dict[str, Any] = json.loads(self.page.evaluate(DUMP))
        return found

    def until(self, *states: str) -> None:
        """Wait until the queue stands so."""
        wanted = sorted(states)
        for _n in range(100):
            if self.states() == wanted:
                return
            self.page.wait_for_timeout(150)
        raise AssertionError(f"{self.states()} is not {wanted}")


def shot(seed: int = 3, size: tuple[int, int] = (2400, 1800), *, noise: bool = False) -> dict[str, Any]:
    """Return a picture as a file field takes it; noise cannot be made small."""
    content = picture(seed, size)
    if noise:
        out = io.BytesIO()
        Image.effect_noise(size, 100).convert("RGB").save(out, "JPEG")
        content = out.getvalue()
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content}
