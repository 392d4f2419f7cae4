"""Small drawings for the demonstration's photos: before, after, a check, a paper. Drawn, so no person is in them."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image, ImageDraw

WIDE, HIGH = 640, 480
SKIES = ((196, 214, 226), (214, 222, 228), (172, 196, 214), (226, 216, 200))
WALLS = ((206, 190, 168), (188, 180, 176), (214, 204, 190), (176, 168, 158))
GROUND = (152, 152, 148)
THINGS = ((150, 104, 62), (94, 122, 92), (60, 104, 150), (186, 148, 64), (120, 120, 126), (168, 72, 60))


def _scene(dice: random.Random) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDE, HIGH), dice.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    ground = dice.randint(290, 330)
    left = 0
    while left < WIDE:
        wide = dice.randint(120, 240)
        top = dice.randint(60, 150)
        wall = dice.choice(WALLS)
        draw.rectangle((left, top, left + wide, ground), fill=wall)
        for x in range(left + 16, left + wide - 30, 46):
            for y in range(top + 18, ground - 40, 52):
                draw.rectangle((x, y, x + 24, y + 30), fill=tuple(c - 60 for c in wall))
        left += wide + dice.randint(0, 20)
    draw.rectangle((0, ground, WIDE, HIGH), fill=GROUND)
    draw.polygon([(0, HIGH), (WIDE, HIGH), (WIDE, 400), (0, 420)], fill=(128, 128, 126))
    draw.line((0, ground + 40, WIDE, ground + 34), fill=(216, 188, 90), width=8)  # the blind's way
    return picture, draw


def _things(dice: random.Random, draw: ImageDraw.ImageDraw) -> None:
    for _number in range(dice.randint(5, 14)):
        x, y = dice.randint(60, WIDE - 130), dice.randint(310, 400)
        wide, high = dice.randint(26, 90), dice.randint(24, 70)
        if dice.random() < 0.4:
            for wheel in (x, x + 44):
                draw.ellipse((wheel, y, wheel + 34, y + 34), outline=(40, 40, 44), width=4)
            draw.line((x + 17, y + 17, x + 38, y - 16, x + 61, y + 17), fill=dice.choice(THINGS), width=5)
        else:
            draw.rectangle((x, y - high, x + wide, y), fill=dice.choice(THINGS), outline=(70, 62, 54), width=2)


def _paper(dice: random.Random) -> Image.Image:
    picture = Image.new("RGB", (480, WIDE), (244, 242, 236))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((150, 50, 330, 62), fill=(60, 60, 64))
    for line in range(14):
        draw.rectangle((60, 120 + line * 26, 420 - dice.randint(0, 120), 126 + line * 26), fill=(150, 150, 152))
    draw.ellipse((300, 500, 390, 590), outline=(200, 40, 40), width=6)
    return picture


def draw_picture(seed: int, purpose: str) -> bytes:
    """Return a small JPEG for ``purpose`` (before, after, check, paper, report); the same seed, the same picture."""
    dice = random.Random(f"{seed}:{purpose}")  # noqa: S311  a picture
    if purpose == "paper":
        picture = _paper(dice)
    else:
        scene = random.Random(seed)  # noqa: S311  before and after show one place
        picture, draw = _scene(scene)
        if purpose in {"before", "report"}:
            _things(dice, draw)
    out = BytesIO()
    picture.save(out, "JPEG", quality=74)
    return out.getvalue()
