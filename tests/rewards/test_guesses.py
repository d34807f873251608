"""Guessing at one till: counted before anything is compared, and given back where nothing was wrong."""

import pytest

from core.rate_limits import TooManyTries
from rewards import proof
from rewards.proof import PinLocked, ProofWrong
from tests.rewards.test_proof import OLGA, PIN, aroma, try_at

__all__ = ["aroma"]


def test_guesses_that_come_at_once_are_counted_before_any_is_compared(aroma, monkeypatch):
    monkeypatch.setitem(proof.MOST_WRONG_BY, "scanner", 3)
    compared = []

    def compare(_member, pin):
        compared.append(pin)
        with pytest.raises((ProofWrong, PinLocked, TooManyTries)):
            try_at(aroma, "1357", member=aroma.noah)  # the next one begins while this one is looked at
        return False

    monkeypatch.setattr(proof.pins, "is_pin", compare)
    with pytest.raises(ProofWrong):
        try_at(aroma, "1357", member=aroma.noah)
    assert len(compared) == 3


def test_right_ones_and_those_at_a_shut_pin_count_nothing_against_the_till(aroma, monkeypatch):
    for _guess in range(5):
        with pytest.raises(ProofWrong):
            try_at(aroma, "1357", member=aroma.noah, actor_id=OLGA)
    monkeypatch.setitem(proof.MOST_WRONG_BY, "scanner", 1)
    for _time in range(3):
        assert try_at(aroma, PIN)
        with pytest.raises(PinLocked):
            try_at(aroma, "1357", member=aroma.noah)
