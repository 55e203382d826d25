"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FrugalArgon2(Argon2PasswordHasher):
    """Argon2id as OWASP recommends it: 19 MiB and two rounds.

    Django's own default takes 100 MiB for each attempt, and every thread may be at one. Passwords
    stored with it still open, and are stored anew when their owner signs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
