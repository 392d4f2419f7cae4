"""Makes a namespace: its schema or file, its tables, and its line in the registry."""

from __future__ import annotations

from django.core.management import call_command

from linli.foundation.core import namespaces
from linli.foundation.core.middleware import registry
from linli.foundation.core.registry import Namespace


def create_namespace(name: str, title: str = "", *, demo: bool = False, database: str = "default") -> Namespace:
    """Make the namespace ``name``, or bring an existing one up to date.

    It enters the registry last, so that no host leads to a namespace without tables.

    Raises:
        BadNamespaceError: the name cannot name one.
    """
    with namespaces.use(name):
        call_command("migrate", interactive=False, verbosity=0, database=database)
    registry().add(name, title=title, demo=demo)
    return Namespace(name, title, demo)
