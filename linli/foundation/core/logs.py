"""Log lines that say which namespace they are about."""

from __future__ import annotations

import logging

from linli.foundation.core.namespaces import current_or_none


class NamespaceFilter(logging.Filter):
    """Adds ``namespace`` to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Note the namespace in force on ``record`` and let it pass."""
        record.namespace = current_or_none() or "-"
        return True
