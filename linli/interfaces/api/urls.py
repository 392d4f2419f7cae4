"""Addresses of the face `api`."""

from __future__ import annotations

from linli.interfaces.api.root import app_name, urlpatterns

__all__ = ["app_name", "urlpatterns"]
