"""Who asks for somebody that is not there waits for the same work to be done: no clock tells the two apart."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from tests.world import PASSWORD, user

HASHED: list[str] = []


class CountingHasher(PBKDF2PasswordHasher):
    """Hashes quickly, and counts how often: a hash is what a sign-in spends its time on."""

    algorithm = "counting"
    iterations = 1

    def encode(self, password, salt, iterations=None):
        HASHED.append(salt)
        return super().encode(password, salt, 1)


def test_a_sign_in_of_a_stranger_hashes_as_often_as_one_of_a_member(db, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    user("olivia@aroma.test", "Olivia")
    counts = {}
    for login, password in (
        ("olivia@aroma.test", PASSWORD + "!"),
        ("nobody@aroma.test", PASSWORD),
    ):
        HASHED.clear()
        Client().post("/accounts/login/", {"login": login, "password": password})
        counts[login] = len(HASHED)
    assert counts == {"olivia@aroma.test": 1, "nobody@aroma.test": 1}
