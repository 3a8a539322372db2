"""Hashing passwords takes memory and time on purpose: never more than two at once, however many sign in."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.hashers import Argon2idHasher


def test_m19_of_many_who_sign_in_at_once_two_are_hashed_and_the_others_wait(monkeypatch):
    """M19: the others wait 25 ms each, where with the dear default sixty sign-ins took ten seconds and all of the machine."""
    lock, now, most = threading.Lock(), 0, 0

    def slow(self, password, encoded):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", slow)
    with ThreadPoolExecutor(12) as people:
        answers = list(people.map(lambda number: Argon2idHasher().verify(str(number), "held"), range(24)))
    assert answers == [True] * 24
    assert most == 2
