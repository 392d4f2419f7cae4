#!/usr/bin/env python
"""Django's management commands, for developers; users have the program ``linli``."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from linli.foundation.core import namespaces

    namespaces.set_process_default(settings.NAMESPACE_DEFAULT)
    execute_from_command_line(sys.argv)
