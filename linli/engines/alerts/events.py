"""The words under which this room writes to the journal."""

from __future__ import annotations

ALERT = "alert"
