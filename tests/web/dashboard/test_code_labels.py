"""Codes as sheets of labels: asked for at the desk, shown while they are drawn, taken away within the hour, and read."""

import csv
import datetime as dt
import io
import re
import subprocess

import pytest
import time_machine
from django.utils import timezone
from PIL import Image
from pyzbar import pyzbar

from config.tasks import forget_labels, make_labels, make_waiting_labels
from core import tenancy
from core.models import Event
from loyalty.codes.batches import stop_batch
from merchants.models import Merchant
from studio.drawing import conditions
from studio.labels import making
from studio.labels.grids import GRIDS
from studio.models import LabelFile
from tests.loyalty.codes.making import made
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import make_world, signed_in

DPI = 300


@pytest.fixture
def batch(world):
    return made(world.aroma, size=26)


def page_of(batch):
    return f"{HOME}codes/{batch.id}/labels/"


def files(merchant):
    with tenancy.scope(merchant.id):
        return list(LabelFile.objects.order_by("id"))


def ask(world, batch, grid="24", part="1"):
    """What is there after somebody asked."""
    desk_of(world).post(page_of(batch), {"grid": grid, "part": part})
    return files(world.aroma)


def work(world):
    """What a worker does with what waits."""
    for file in files(world.aroma):
        make_labels(str(world.aroma.id), str(file.id), file.seen_at.isoformat() if file.seen_at else None)


def ready(world, batch, **said):
    """A file that is made."""
    ask(world, batch, **said)
    work(world)
    return files(world.aroma)[-1]


def download(client, batch, file):
    return client.post(f"{page_of(batch)}{file.id}/file/")


def lines_of(client, batch, **said):
    """The codes as CSV has them."""
    response = client.post(f"{HOME}codes/{batch.id}/file/", said)
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def read_by_zbar(content, tmp_path, grid):
    """What poppler draws of the first page, cut into its labels: what ZBar reads on each."""
    (tmp_path / "sheet.pdf").write_bytes(content)
    command = ["pdftoppm", "-r", str(DPI), "-png", "-singlefile"]
    subprocess.run([*command, tmp_path / "sheet.pdf", tmp_path / "sheet"], check=True)
    with Image.open(tmp_path / "sheet.png") as page:
        return [said for label in labels_of(page, GRIDS[grid]) for said in read(label)]


def labels_of(page, grid):
    """As the cutter leaves them."""
    for x, y in grid.corners():
        place = (x, y, x + grid.width, y + grid.height)
        yield page.crop(tuple(round(edge / 25.4 * DPI) for edge in place))


def read(picture):
    found = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data.decode() for code in found]


def letters_in(content, tmp_path):
    """The codes in letters, as somebody copies them from the file."""
    (tmp_path / "sheet.pdf").write_bytes(content)
    said = subprocess.run(["pdftotext", "-raw", tmp_path / "sheet.pdf", "-"], check=True, capture_output=True)
    groups = re.findall(r"^[A-Z0-9]{4}$", said.stdout.decode(), re.MULTILINE)
    return ["-".join(groups[at : at + 3]) for at in range(0, len(groups), 3)]


def test_sheets_are_asked_for_made_and_taken_away(world, batch, tmp_path):
    desk, page = desk_of(world), page_of(batch)
    assert "Sheets to print" in text_of(desk.get(f"{HOME}codes/{batch.id}/"))
    assert "Nothing made yet" in text_of(desk.get(page))
    asked = text_of(desk.post(page, {"grid": "24", "part": "1"}, follow=True))
    assert "Waiting its turn" in asked
    assert 'hx-trigger="every 1s, looked-at"' in asked
    work(world)
    shown = text_of(desk.get(page))
    assert "Codes 1 to 26" in shown
    assert "hx-trigger" not in shown.partition('id="state"')[2]
    [file] = files(world.aroma)
    response = download(desk, batch, file)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="aroma-codes-{batch.number}-1-24.pdf"'
    with tenancy.scope(world.aroma.id):
        assert Event.objects.filter(name="codes.downloaded").count() == 1
    first = lines_of(desk, batch)[:24]
    assert read_by_zbar(response.content, tmp_path, "24") == [line["link"] for line in first]


@pytest.mark.parametrize("grid", ["40", "65"])
def test_every_label_of_smaller_papers_is_read(world, tmp_path, grid):
    batch = made(world.aroma, size=int(grid))
    content = download(desk_of(world), batch, ready(world, batch, grid=grid)).content
    links = [line["link"] for line in lines_of(desk_of(world), batch)]
    assert read_by_zbar(content, tmp_path, grid) == links


def test_a_pale_colour_and_a_long_name_are_read_on_the_smallest_labels(world, batch, tmp_path):
    name = "Boulangerie-pâtisserie des Tables-Claudiennes"
    with tenancy.scope(world.aroma.id):
        Merchant.objects.filter(id=world.aroma.id).update(name=name, brand_colour="#ffd400", locale="fr")
    world.aroma.refresh_from_db()
    content = download(desk_of(world), batch, ready(world, batch, grid="65")).content
    codes = letters_in(content, tmp_path)
    assert len(codes) == 26
    assert [link[-14:] for link in read_by_zbar(content, tmp_path, "65")] == codes


def test_a_thousand_codes_are_one_file_and_the_rest_another(world, tmp_path):
    batch, desk = made(world.aroma, size=1_005), desk_of(world)
    first, rest = (lines_of(desk, batch, part=part) for part in (1, 2))
    assert (len(first), len(rest)) == (1_000, 5)
    assert "Codes 1,001 to 1,005" in text_of(desk.get(page_of(batch)))
    content = download(desk, batch, ready(world, batch, part="2")).content
    assert letters_in(content, tmp_path) == [line["code"] for line in rest]


def test_the_same_sheets_are_not_made_twice(world):
    batch = made(world.aroma, size=2)
    file = ready(world, batch)
    assert [one.id for one in ask(world, batch)] == [file.id]
    with tenancy.scope(world.aroma.id):
        Merchant.objects.filter(id=world.aroma.id).update(brand_colour="#7a1f3d")
    assert [one.id for one in ask(world, batch)] != [file.id]  # they look otherwise now


def test_how_far_it_is_is_shown_and_it_can_be_cancelled(world, batch):
    [file] = ask(world, batch)
    with tenancy.scope(world.aroma.id):
        LabelFile.objects.update(seen_at=timezone.now(), total=26, done=13)
    assert 'aria-valuenow="50"' in text_of(desk_of(world).get(page_of(batch)))
    desk_of(world).post(f"{page_of(batch)}{file.id}/removal/")
    make_labels(str(world.aroma.id), str(file.id))
    assert files(world.aroma) == []


def test_a_worker_shows_within_a_page_that_it_is_at_work(world, batch, monkeypatch):
    ask(world, batch, grid="65")
    spoilt, seen = conditions.spoilt, set()

    def looking(*given):
        seen.update(file.done for file in files(world.aroma))
        return spoilt(*given)

    monkeypatch.setattr(conditions, "spoilt", looking)
    work(world)
    assert seen == set(range(0, 26, making.STEP))


def test_sheets_that_could_not_be_made_say_so_and_are_made_again(world, batch):
    ask(world, batch)
    with tenancy.scope(world.aroma.id):
        LabelFile.objects.update(finished_at=timezone.now())
    assert "These sheets could not be made." in text_of(desk_of(world).get(page_of(batch)))
    [file] = ask(world, batch)
    assert file.status == "waiting"


def test_a_file_is_gone_after_an_hour(committed_db):
    world = make_world()
    batch = made(world.aroma, size=3)
    file, desk = ready(world, batch), desk_of(world)
    assert download(desk, batch, file).status_code == 200
    with time_machine.travel(timezone.now() + making.KEPT + dt.timedelta(seconds=1)):
        desk = desk_of(world)
        assert download(desk, batch, file).status_code == 404
        assert "Nothing made yet" in text_of(desk.get(page_of(batch)))
        assert forget_labels() == 1
    assert files(world.aroma) == []


def test_a_worker_that_died_is_replaced_and_does_nothing_any_more(committed_db, monkeypatch):
    world, queued = make_world(), []
    ask(world, made(world.aroma, size=3))
    monkeypatch.setattr(make_labels, "apply_async", lambda asked, **options: queued.append(asked))
    assert (make_waiting_labels(), make_waiting_labels()) == (1, 0)
    with tenancy.scope(world.aroma.id):
        LabelFile.objects.update(seen_at=timezone.now() - making.LEASE - dt.timedelta(seconds=1))
    assert make_waiting_labels() == 1
    dead, alive = queued
    make_labels(*dead)
    assert files(world.aroma)[0].status == "running"
    make_labels(*alive)
    assert files(world.aroma)[0].status == "done"


@pytest.mark.parametrize(("grid", "part"), [("24", "2"), ("24", "0"), ("24", "x"), ("25", "1"), ("", "1")])
def test_what_there_is_not_is_not_made(world, batch, grid, part):
    assert ask(world, batch, grid=grid, part=part) == []


def test_a_part_that_there_is_not_is_no_csv(world, batch):
    assert desk_of(world).post(f"{HOME}codes/{batch.id}/file/", {"part": "2"}).status_code == 404


def test_stopped_codes_are_not_printed(world, batch):
    with tenancy.scope(world.aroma.id):
        stop_batch(batch_id=batch.id, actor_id=None)
    assert ask(world, batch) == []
    page = text_of(desk_of(world).get(page_of(batch)))
    assert "These codes are stopped" in page
    assert "Make the sheets" not in page
    assert "Sheets to print" not in text_of(desk_of(world).get(f"{HOME}codes/{batch.id}/"))


def test_codes_that_are_stopped_meanwhile_are_neither_drawn_nor_given_out(world, batch):
    desk, [made_before] = desk_of(world), [ready(world, batch)]
    _made, waiting = ask(world, batch, grid="40")
    with tenancy.scope(world.aroma.id):
        stop_batch(batch_id=batch.id, actor_id=None)
    make_labels(str(world.aroma.id), str(waiting.id))
    assert [file.size_bytes > 0 for file in files(world.aroma)] == [True, False]
    assert download(desk, batch, made_before).status_code == 404
    assert "Download the PDF" not in text_of(desk.get(page_of(batch)))


def test_a_word_has_no_sheets(world):
    word = made(world.aroma, word="Summer 26")
    assert desk_of(world).get(page_of(word)).status_code == 404
    assert ask(world, word) == []


def test_a_cashier_and_another_shop_get_none(world):
    batch = made(world.aroma, size=2)
    file, sam, petra = ready(world, batch), signed_in(world.sam), signed_in(world.petra)
    theirs = made(world.bloom, size=3)
    for client, status in ((sam, 403), (petra, 404)):
        assert client.get(page_of(batch)).status_code == status
        assert download(client, batch, file).status_code == status
    beside = f"/dashboard/bloom/codes/{theirs.id}/labels/{file.id}/"
    assert petra.post(f"{beside}file/").status_code == 404
    assert petra.post(f"{beside}removal/").status_code == 404
    assert len(files(world.aroma)) == 1


def test_a_file_is_its_own_batchs(world):
    batch = made(world.aroma, size=2)
    file, other = ready(world, batch), made(world.aroma, name="Other")
    assert download(desk_of(world), other, file).status_code == 404
    assert desk_of(world).post(f"{page_of(other)}{file.id}/removal/").status_code == 404
    assert len(files(world.aroma)) == 1


def test_the_page_needs_few_trips(world, batch):
    for grid in GRIDS:
        ask(world, batch, grid=grid)
    assert trips(desk_of(world), page_of(batch)) <= 12
