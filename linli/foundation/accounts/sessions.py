"""The session store: Django's, on our table with the user, the address and the times beside the data."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from linli.foundation.accounts.models import Session, User
from linli.foundation.accounts.types import USER_KEY
from linli.foundation.core import clock


class SessionStore(DatabaseStore):
    """Keeps sessions in :class:`Session`; one statement reads the session and its user."""

    def __init__(self, session_key: str | None = None) -> None:
        """Open the session with ``session_key``, read when first asked."""
        super().__init__(session_key)
        self.row: Session | None = None
        self.address = ""
        self.user_agent = ""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the rows."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.load(self.session_key, clock.now()) if self.session_key else None
        if row is None:
            self._session_key = None
        self.row = row
        return row

    @property
    def user(self) -> User | None:
        """The user of this session as it was read; None for guests."""
        user_id = self.get(USER_KEY)
        row = self.row
        if user_id is None or row is None or row.user is None or row.user_id != user_id:
            return None
        return row.user

    @property
    def last_seen_at(self) -> datetime | None:
        """When the session was last used, to within some minutes."""
        return self.row.last_seen_at if self.row else None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for ``data``, keeping when the session began."""
        now = clock.now()
        row = cast("Session", super().create_model_instance(data))
        kept = self.row if self.row is not None and self.row.session_key == row.session_key else None
        row.user_id = data.get(USER_KEY)
        row.address = (self.address or (kept.address if kept else ""))[:45]
        row.user_agent = (self.user_agent or (kept.user_agent if kept else ""))[:200]
        row.created_at = kept.created_at if kept else now
        row.last_seen_at = now
        return row
