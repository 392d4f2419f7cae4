"""The stage of the app's tests: a round with visits for 城管队员甲, a client of the app, pictures."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.engines.fieldwork.tests.sent import Scene, scene
from linli.foundation.core.ids import uuid7
from tests.login import log_in
from tests.world import World

WHO = "chengguan"


def picture(seed: int = 1, size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a small JPEG; another seed gives other bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, (seed % 256, seed // 256 % 256, 90)).save(out, "JPEG")
    return out.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Line:
    """What the phone of somebody sends."""

    client: Any

    def post(self, path: str, **data: Any) -> Any:
        body = json.dumps(data, default=str)
        return self.client.post(f"/field/{path}/", body, content_type="application/json", headers=JSON)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/field/{path}/", headers={**JSON, **headers})

    def upload(self, content: bytes, *, purpose: str = "record", said: str = "") -> Any:
        file = SimpleUploadedFile("a.jpg", content, content_type="image/jpeg")
        data = {"file": file, "sha256": said or sha256(content), "purpose": purpose}
        return self.client.post("/field/files/", data, headers=JSON)


JSON = {"accept": "application/json"}


@dataclass
class Stage:
    """A scene and the phones of its people."""

    world: World
    scene: Scene
    new_client: Any

    def line(self, who: str = WHO) -> Line:
        return Line(log_in(self.new_client(), self.world.users[who]))

    def packet(self, at: int | None = 0, /, **more: Any) -> dict[str, Any]:
        """Return a filled form about the visit ``at`` as the phone sends it."""
        given = {
            "uuid": uuid7(), "form": "shop_check", "version": 1, "made_at": self.world.now.isoformat(),
            "answers": {"order": {"goods": "good"}},
            "visit": self.scene.visits[at].uuid if at is not None else None,
        }  # fmt: skip
        return given | more


def fresh() -> UUID:
    return uuid7()


def staged(world: World, new_client: Any, **fields: Any) -> Stage:
    return Stage(world, scene(world, **fields), new_client)
