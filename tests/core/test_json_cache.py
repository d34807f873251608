"""What the cache holds is JSON: it comes back as it went in, and nothing in it can run."""

import pickle

import pytest
from django.conf import settings
from django.core.cache import cache

from core.json_cache import JsonSerializer


@pytest.mark.parametrize("value", [5, "5", "ab 12", True, None, 1.5, [1.5, 2.5], {"a": [1]}])
def test_values_come_back(value):
    serializer = JsonSerializer()
    assert serializer.loads(serializer.dumps(value)) == value
    cache.set("value", value, 10)
    assert cache.get("value", "missing") == value


def test_redis_counts_in_it():
    cache.delete("count")
    assert cache.add("count", 0, 10)
    assert cache.incr("count") == 1
    assert cache.get("count") == 1


def test_a_pickle_is_not_opened():
    assert settings.CACHES["default"]["OPTIONS"]["serializer"] == "core.json_cache.JsonSerializer"
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        JsonSerializer().loads(pickle.dumps("x"))
