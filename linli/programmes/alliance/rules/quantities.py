"""How much is left: of a counted resource or need, and of a project that several claim. Exact, no floats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

WHOLE = Fraction(1)
_PART = re.compile(r"(\d{1,7})\s*/\s*(\d{1,7})")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*%?")
_WORDS = {"全部": WHOLE, "整个": WHOLE, "一半": Fraction(1, 2)}


class BadShareError(ValueError):
    """The text names no share, or none between 0 and the whole."""


def parse_share(text: str) -> Fraction:
    """Return the share that ``text`` names: ``1/3``, ``40%``, ``40`` (of a hundred), ``全部``.

    Raises:
        BadShareError: it names none, or one that is not more than nothing and at most the whole.
    """
    text = text.replace("／", "/").replace("％", "%").strip()
    if text in _WORDS:
        return _WORDS[text]
    if part := _PART.fullmatch(text):
        top, bottom = int(part[1]), int(part[2])
        found = Fraction(top, bottom) if bottom else Fraction(0)
    elif percent := _PERCENT.fullmatch(text):
        found = Fraction(percent[1]) / 100
    else:
        raise BadShareError(text)
    if not 0 < found <= WHOLE:
        raise BadShareError(text)
    return found


def share_text(share: Fraction) -> str:
    """Return a share in words: whole percents as ``40%``, others as a fraction ``1/3``."""
    hundred = share * 100
    return f"{hundred.numerator}%" if hundred.denominator == 1 else f"{share.numerator}/{share.denominator}"


def unclaimed(shares: Iterable[Fraction]) -> Fraction:
    """Return what is left of a project once ``shares`` are taken."""
    return WHOLE - sum(shares, Fraction(0))


def share_fits(shares: Iterable[Fraction], more: Fraction) -> bool:
    """Return whether ``more`` can be claimed beside ``shares``."""
    return 0 < more <= unclaimed(shares)


def equal_parts(left: Fraction, shares: Sequence[Fraction | None]) -> list[Fraction]:
    """Return ``shares`` with each None made an equal part of what the others leave of ``left``; 0 where nothing is."""
    rest = max(Fraction(0), left - sum((s for s in shares if s is not None), Fraction(0)))
    part = rest / max(1, sum(s is None for s in shares))
    return [part if s is None else s for s in shares]


@dataclass(frozen=True, slots=True)
class Balance:
    """What there is, what is promised, what was used.

    Attributes:
        quantity: None where it is not counted: then everything fits.
        reusable: what was used is there again.
        times: how many times it was used.
    """

    quantity: Decimal | None
    committed: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    reusable: bool = False
    times: int = 0

    @property
    def remaining(self) -> Decimal | None:
        """What can still be promised; None where it is not counted."""
        if self.quantity is None:
            return None
        return self.quantity - self.committed - (Decimal(0) if self.reusable else self.used)

    def fits(self, amount: Decimal) -> bool:
        """Return whether ``amount`` more can be promised."""
        return amount > 0 and (self.remaining is None or amount <= self.remaining)


def parse_amount(text: str) -> Decimal | None:
    """Return a quantity as typed (at most two decimals, not negative); None for an empty text.

    Raises:
        ValueError: it is no such number.
    """
    text = text.replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not found.is_finite() or found <= 0 or found >= 10**10 or found != found.quantize(Decimal("0.01")):
        raise ValueError(text)
    return found


def amount_text(amount: Decimal | None) -> str:
    """Return a quantity without needless zeros."""
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
