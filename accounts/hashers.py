"""How passwords are kept: Argon2id, with the figures stated here and not left to a library."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """RFC 9106's second recommendation, for servers that have other work too: three passes over
    64 MiB in four lanes. A password kept with other figures is hashed anew at its next use.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4
