"""French is as complete as English: nothing missing, nothing fuzzy, no placeholder lost."""

import re
import shutil

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command

from tests.servers import ROOT
from tests.words import EXTRACTION

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{ ?\w+ ?\}\}|%[sd]")


def catalogue(path):
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def french():
    return catalogue(ROOT / "locale/fr/LC_MESSAGES/django.po")


def strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_no_text_is_untranslated_or_fuzzy(french):
    assert [message.id for message in french.values() if message.fuzzy or not all(strings(message))] == []


def test_every_text_of_code_and_templates_is_in_the_catalogue(french, settings, tmp_path):
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    call_command("makemessages", **EXTRACTION)
    wanted = catalogue(tmp_path / "fr/LC_MESSAGES/django.po")
    assert sorted(map(str, wanted.keys() - french.keys())) == []
    assert sorted(map(str, french.keys() - wanted.keys())) == []


def test_placeholders_survive_translation(french):
    wrong = []
    for message in french.values():
        wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[1]))
        wrong += [text for text in strings(message) if not set(PLACEHOLDER.findall(text)) <= wanted]
        if isinstance(message.id, str):
            wrong += [text for text in strings(message) if set(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


def test_french_punctuation_has_its_narrow_space(french):
    loose = re.compile(r"[\w»)] [?!;:]|[\wé][?!;](?!\w)")
    texts = [text for message in french.values() for text in strings(message) if "http" not in text]
    assert [text for text in texts if loose.search(text)] == []


def test_gettext_is_there_to_look():
    assert shutil.which("xgettext"), "bin/test installs gettext"
