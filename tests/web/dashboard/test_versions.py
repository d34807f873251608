"""The versions' page, two of them compared, and the programme as a file that goes and comes back."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import tenancy
from loyalty.programme import beginning, changelog, versions
from loyalty.programme.drafting import draft_of
from tests.loyalty.ruled import publish as publish_change
from tests.web.desk import HOME, desk_of, drafted, publish, text_of, trips
from tests.world import signed_in
from web.dashboard.versions import log_lines
from web.templatetags.habitue import full_date

PAGE = f"{HOME}programme/versions/"
IMPORT = f"{HOME}programme/import/"


def rename(client, name):
    client.post(f"{HOME}programme/name/", {"name": name})


def file_of(client, number=2):
    return client.get(f"{PAGE}{number}/programme.yaml")


def bring(client, content):
    sent = {"file": SimpleUploadedFile("programme.yaml", content)}
    return client.post(IMPORT, sent, follow=True)


def test_every_version_tells_what_it_changed_who_published_it_and_why(world):
    client = desk_of(world)
    rename(client, "Carte <Aroma>")
    publish(client, note="A better name")
    page = text_of(client.get(PAGE))
    for words in ("Version 3", "in force since", "Olivia Marchand", "A better name", "“Carte &lt;Aroma&gt;” instead of “Aroma”",
                  "Version 1", "The first one."):  # fmt: skip
        assert words in page, words
    assert "<Aroma>" not in page
    assert "What the draft changes" not in page


def test_a_version_to_come_and_one_that_was_taken_back_say_so(world):
    client, day = desk_of(world), timezone.localdate() + dt.timedelta(days=30)
    rename(client, "Carte Aroma")
    assert "What the draft changes" in text_of(client.get(PAGE))
    publish(client, at=day.isoformat())
    page = text_of(client.get(PAGE))
    assert "comes into force on" in page
    assert "What the draft changes" not in page
    client.post(f"{HOME}programme/withdrawal/", {"number": "3"})
    page = text_of(client.get(PAGE))
    assert "and was taken back" in page
    assert "What the draft changes" in page


def test_long_histories_have_pages(world):
    with tenancy.scope(world.aroma.id):
        for number in range(21):
            publish_change(world.aroma, beginning.renaming(f"Name {number}"))
    client = desk_of(world)
    first = text_of(client.get(PAGE))
    assert "Version 23" in first
    assert "Version 3<" not in first
    assert '?before=4"' in first
    second = text_of(client.get(f"{PAGE}?before=4"))
    assert "Version 3<" in second
    assert "Version 1<" in second
    assert "Back to the newest" in second
    assert client.get(f"{PAGE}?before=999").status_code == 404
    assert client.get(f"{PAGE}?before=x").status_code == 200


def test_a_version_that_is_over_says_until_when_it_was_in_force(world):
    assert "in force on" in text_of(
        desk_of(world).get(PAGE)
    )  # the first one had no tiers, and a minute to live
    with tenancy.scope(world.aroma.id):
        second, first = changelog.versions()
    earlier = replace(first, effective_at=first.effective_at - dt.timedelta(days=40))
    [_second, over] = log_lines([second, earlier], {})
    assert (
        over["when"] == f"in force from {full_date(earlier.effective_at)} to {full_date(second.effective_at)}"
    )


def test_two_versions_are_compared(world):
    client = desk_of(world)
    page = text_of(client.get(f"{PAGE}comparison/?old=1&new=2"))
    assert "From version 1 to version 2" in page
    assert "Silver" in page
    assert "Nothing: both say the same." in text_of(client.get(f"{PAGE}comparison/?old=2&new=2"))
    for query in ("old=1&new=9", "old=x&new=2", "old=0&new=2"):
        assert client.get(f"{PAGE}comparison/?{query}").status_code == 404


def test_the_draft_is_compared_with_what_is_in_force(world):
    client = desk_of(world)
    rename(client, "Carte Aroma")
    page = text_of(client.get(f"{PAGE}comparison/"))
    assert "From version 2 to the draft" in page
    assert "“Carte Aroma” instead of “Aroma”" in page


def test_a_programme_is_taken_along_and_brought_back_as_a_draft(world):
    client = desk_of(world)
    taken = file_of(client)
    assert taken.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert taken.headers["Content-Disposition"] == 'attachment; filename="aroma-2.yaml"'
    written = taken.content.decode()
    assert "per: 1.00" in written
    assert "nothing to change" in text_of(bring(client, taken.content))
    brought = bring(client, written.replace("per: 1.00", "per: 2.50").encode())
    assert "The file is the draft now." in text_of(brought)
    draft = drafted(world.aroma)
    with tenancy.scope(world.aroma.id):
        in_force = versions.version_in_force()
    assert [rule.id for rule in draft.rules] == [rule.id for rule in in_force.rules]
    assert (draft.rules[0].per_minor, in_force.rules[0].per_minor) == (250, 100)
    assert "per: 2.50" in file_of(client, 0).content.decode()


def test_what_is_wrong_with_a_file_is_told_with_its_lines_and_nothing_changes(world):
    client = desk_of(world)
    written = file_of(client).content.decode()
    wrong = written.replace("per: 1.00", "per: much").replace("times: 1.5", "times: <b>")
    response = bring(client, wrong.encode())
    page = text_of(response)
    assert response.status_code == 422
    assert page.count("Write a number such as 1.25.") == 1
    assert page.count("Write an amount such as 12.50.") == 1
    line = next(place for place, one in enumerate(wrong.splitlines(), 1) if "per: much" in one)
    assert f"Line {line}<" in page
    with tenancy.scope(world.aroma.id):
        assert draft_of() is None


@pytest.mark.parametrize("content", [b"", b"x" * 70_000, b"\xff\x00", b"[" * 30_000])
def test_a_file_that_is_none_is_refused(world, content):
    assert bring(desk_of(world), content).status_code == 422


def test_another_shops_programme_gets_ids_of_its_own_places_told(world):
    petra = signed_in(world.petra)
    theirs = petra.get("/dashboard/bloom/programme/versions/1/programme.yaml").content
    brought = bring(desk_of(world), theirs)
    assert "The file is the draft now." in text_of(brought)
    with tenancy.scope(world.aroma.id):
        in_force, draft = versions.version_in_force(), draft_of().version
    assert draft.units[0].id == in_force.units[0].id


def test_a_cashier_neither_reads_nor_brings(world):
    client = signed_in(world.sam)
    assert client.get(PAGE).status_code == 403
    assert file_of(client).status_code == 403
    assert bring(client, b"format: 1").status_code == 403
    with tenancy.scope(world.aroma.id):
        assert draft_of() is None


def test_a_version_that_is_not_there_is_no_file(world):
    client = desk_of(world)
    assert file_of(client, 9).status_code == 404
    assert file_of(client, 0).status_code == 404


def test_the_page_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) <= 10


def test_files_are_not_read_without_end(world, monkeypatch):
    monkeypatch.setattr("web.dashboard.files.MOST_FILES", 1)
    client = desk_of(world)
    assert bring(client, b"[" * 20_000).status_code == 422
    assert bring(client, b"[" * 20_000).status_code == 429
    assert client.get(IMPORT).status_code == 200
