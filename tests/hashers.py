"""A password hasher that costs nothing: the same algorithm and format, the least work."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 with the smallest parameters that it allows; for tests alone."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
