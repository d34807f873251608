"""French is as complete as English: nothing missing, nothing fuzzy, no placeholder lost, no word left in a template."""

import re
import shutil

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command
from django.template.base import Lexer, TokenType

from tests.servers import ROOT
from tests.words import EXTRACTION

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{ ?\w+ ?\}\}|%[sd]")
APPS = (
    "analytics",
    "api",
    "config",
    "core",
    "integrations",
    "loyalty",
    "members",
    "merchants",
    "rewards",
    "studio",
    "web",
)

# Read out, or shown when asked for: as visible as a text.
SAID_BY_ATTRIBUTES = re.compile(r'\s(?:alt|title|placeholder|aria-label|aria-description)="([^"]*)"')
NOT_READ = re.compile(r"<(script|style|code)\b.*?</\1>|<!--.*?-->", re.DOTALL)
MARKUP = re.compile(r"<[^<>]*>")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {
    "Habitué",
    "Habitu",
    "PNG",
    "PDF",
    "SVG",
    "QR",
    "API",
}  # the same in every language; "Habitu" before its red accent
TEMPLATES = [
    path.relative_to(ROOT)
    for path in sorted((ROOT / "templates").rglob("*"))
    if path.suffix in {".html", ".txt"} and path.relative_to(ROOT).parts[1] != "dev"
]


def catalogue(path):
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def french():
    return catalogue(ROOT / "locale/fr/LC_MESSAGES/django.po")


def strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def sayings(french):
    return [text for message in french.values() for text in strings(message)]


def test_no_text_is_untranslated_or_fuzzy(french):
    assert [message.id for message in french.values() if message.fuzzy or not all(strings(message))] == []


def test_every_text_of_code_and_templates_is_in_the_catalogue(french, settings, tmp_path, monkeypatch):
    # In a folder of links, for makemessages writes into the `locale` beside the code whatever the settings say.
    for name in (*APPS, "templates"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "locale/fr/LC_MESSAGES").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    call_command("makemessages", **EXTRACTION, symlinks=True)
    wanted = catalogue(tmp_path / "locale/fr/LC_MESSAGES/django.po")
    assert len(wanted) > 100, "nothing was gathered"
    assert sorted(map(str, wanted.keys() - french.keys())) == []
    assert sorted(map(str, french.keys() - wanted.keys())) == []


def test_gettext_has_no_nickname_that_hides_texts():
    hiding = re.compile(r"\bp?n?gettext(?:_lazy|_noop)? as (?!_\b)\w+")
    hidden = [
        f"{path.relative_to(ROOT)}: {found}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        for found in hiding.findall(path.read_text(encoding="utf-8"))
    ]
    assert hidden == []


def test_placeholders_survive_translation(french):
    wrong = []
    for message in french.values():
        wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[1]))
        wrong += [text for text in strings(message) if not set(PLACEHOLDER.findall(text)) <= wanted]
        if isinstance(message.id, str):
            wrong += [text for text in strings(message) if set(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


# What is written by the rules of another language: YAML, headers of HTTP, and moments with their offset.
FOREIGN = re.compile(r"nom: valeur|https?://\S+|Content-Type: \S+|\d\d:\d\d")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(r"[\w»)>](?:[ \u00a0])?[?!;:](?!\w)", id="U+202F before ? ! ; :"),
        pytest.param(r"\d(?:[ \u202f])?€", id="U+00A0 before the euro"),
        pytest.param(r"«(?!\u202f)|(?<!\u202f)»", id="U+202F inside guillemets"),
        pytest.param(r"\w'\w", id="a curly apostrophe"),
        pytest.param(r"\.\.\.|  ", id="one sign for an ellipsis, one space"),
    ],
)
def test_french_is_typeset_as_french(french, wrong):
    assert [text for text in sayings(french) if re.search(wrong, FOREIGN.sub("", text))] == []


# Endings that would guess who is reading; nouns and "avoir" do without them.
GUESSES = re.compile(
    r"\b(?:êtes|suis|es)\s+(?:\w+\s+)?\w+(?:é|ée|és|ées|it|is)\b|(?<!’)\b(?:connecté|inscrit|client)e?s?\b",
    re.IGNORECASE,
)


def test_french_never_guesses_a_gender_nor_says_tu(french):
    assert [text for text in sayings(french) if GUESSES.search(text)] == []
    assert [
        text for text in sayings(french) if re.search(r"\b(?:tu|toi|ton|tes)\b", text, re.IGNORECASE)
    ] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_word_of_a_template_escapes_translation(path):
    assert sorted(set(WORD.findall(visible(path))) - NAMES) == []


def visible(path):
    """The letters of a template that no tag says: between the elements, and in attributes that are read out."""
    parts, inside = [], ""
    for token in Lexer((ROOT / path).read_text(encoding="utf-8")).tokenize():
        words = token.contents.split() if token.token_type is TokenType.BLOCK else []
        if inside:
            inside = "" if words[:1] == [inside] else inside
        elif words[:1] in (["blocktranslate"], ["comment"]):
            inside = f"end{words[0]}"
        elif words[:1] == ["block"] and words[1].endswith("_class"):
            inside = "endblock"
        elif token.token_type is TokenType.TEXT:
            parts.append(token.contents)
    text = "".join(parts)
    if path.suffix == ".html":
        text = NOT_READ.sub("", text)
        text = " ".join([MARKUP.sub(" ", text), *SAID_BY_ATTRIBUTES.findall(text)])
    return text


def test_gettext_is_there_to_look():
    assert shutil.which("xgettext"), "bin/test installs gettext"
