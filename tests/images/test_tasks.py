"""Sizes that a worker makes: ordered at the upload, made twice with one effect, made good when lost."""

import io

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import queue
from background.worker import called
from images import tasks, uploads
from images.models import Image, OldRenditions
from images.tasks import complete_renditions, make_renditions, renew
from tests import stories
from tests.background.tasks import work
from tests.images.files import encoded, picture
from tests.stories import DAY, MINUTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker_is_configured")]


@pytest.fixture
def image(django_capture_on_commit_callbacks) -> Image:
    with django_capture_on_commit_callbacks(execute=True):
        return uploads.store(io.BytesIO(encoded(picture())), title="Hafen", user=stories.writer())


def test_an_upload_waits_for_the_worker_and_the_newsroom_reads_why(image: Image, client: Client) -> None:
    client.force_login(stories.editor())
    assert image.rendered == ""
    assert "Bildgrößen entstehen" in client.get("/admin/images/image/").content.decode()
    Image.objects.update(uploaded_at=timezone.now() - 3 * MINUTE)
    assert "Bildgrößen fehlen" in client.get("/admin/images/image/").content.decode()
    assert work() == [None]
    image.refresh_from_db()
    assert image.shown(timezone.now()) is not None


def test_without_a_worker_nothing_is_said_to_be_on_its_way(image: Image, client: Client, settings) -> None:
    settings.TASKS_RUN = "immediate"
    client.force_login(stories.editor())
    page = client.get("/admin/images/image/").content.decode()
    assert ("Bildgrößen fehlen" in page, "entstehen" in page) == (True, False)


def test_made_twice_the_files_and_the_row_are_the_same(image: Image, media) -> None:
    work()
    files = {path: path.read_bytes() for path in media.rglob("*") if path.is_file()}
    row = Image.objects.values().get()
    make_renditions.call(image.pk)
    assert {path: path.read_bytes() for path in media.rglob("*") if path.is_file()} == files
    assert Image.objects.values().get() == row
    assert OldRenditions.objects.count() == 0


def test_a_picture_moved_while_it_was_being_made_gets_what_it_wants_now(
    image: Image, django_capture_on_commit_callbacks
) -> None:
    order = queue.claim("w1")
    Image.objects.update(focal_x=20)
    with django_capture_on_commit_callbacks(execute=True):
        renew(Image.objects.get())
    assert called(order) is None
    queue.done(order)
    assert work() == [None]
    assert Image.objects.get().rendered == tasks.renditions.wanted(Image.objects.get())


def test_an_order_that_got_lost_is_made_good(image: Image) -> None:
    DBTaskResult.objects.all().delete()
    complete_renditions.enqueue()
    assert work() == [None, None]
    assert Image.objects.get().rendered != ""
    complete_renditions.enqueue()
    assert work() == [None]


def test_what_has_failed_for_good_is_tried_again_a_day_later(image: Image) -> None:
    number = queue.number_of(make_renditions, image.pk)
    orders = DBTaskResult.objects.filter(pk=number)
    for hours, status in ((23, "FAILED"), (25, "READY")):
        orders.update(status="FAILED", finished_at=timezone.now() - hours * 60 * MINUTE)
        complete_renditions.call()
        assert orders.get().status == status


def test_sizes_replaced_long_ago_are_removed_and_others_stay(image: Image, media) -> None:
    work()
    before = {path.name for path in media.rglob("*") if path.is_file()}
    Image.objects.update(focal_x=20)
    tasks.make_now(Image.objects.get())
    tasks.remove_old_renditions.call()
    assert before <= {path.name for path in media.rglob("*") if path.is_file()}
    OldRenditions.objects.update(since=timezone.now() - 31 * DAY)
    for _ in range(2):
        tasks.remove_old_renditions.call()
    left = {path.name for path in media.rglob("*") if path.is_file()}
    assert left
    assert not before <= left
    assert OldRenditions.objects.count() == 0
