"""No path brings a picture without credit, licence and alternative text before readers."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from accounts import roles
from articles import editing, publishing
from articles.choices import State
from articles.models import Edition
from images import desk
from images.models import Image
from tests import stories
from tests.images.test_desk import file, with_iptc
from tests.images.test_picture_room import entered, sent
from tests.stories import DAY

pytestmark = pytest.mark.django_db

GAPS = {"no credit": {"credit": ""}, "no licence": {"licence": ""}, "no text": {"alt": ""}}
PLACES = {
    "lead image": lambda image: {"lead_image": image},
    "in the text": lambda image: {"body": f'<p>Text</p><figure data-image="{image.pk}"></figure>'},
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(params=GAPS)
def gap(request):
    return GAPS[request.param]


@pytest.fixture(params=PLACES)
def text(request, gap):
    """A manuscript that shows a picture to which something is missing."""
    return PLACES[request.param](stories.image(**gap))


def nothing_is_before_readers() -> bool:
    return not Edition.objects.exists()


@pytest.mark.parametrize("action", ["submit", "release_alone"])
def test_the_door_refuses(text, action):
    article = stories.article(**text)
    with pytest.raises(publishing.Refusal):
        stories.act(article, action, stories.chief(), note="Dringend")
    assert nothing_is_before_readers()
    assert stories.fresh(article).state == State.DRAFT


@pytest.mark.parametrize("action", ["publish", "schedule"])
def test_what_lost_something_after_the_approval_is_refused_by_every_form(gap, action):
    image = stories.image()
    article = stories.approved(lead_image=image)
    Image.objects.filter(pk=image.pk).update(**gap)
    later = timezone.localtime() + DAY
    answer = entered(stories.editor()).post(
        f"/admin/articles/article/{article.pk}/aktion/{action}/",
        {"token": article.token, "live_from_date": f"{later:%Y-%m-%d}", "live_from_time": "06:00"},
    )
    assert answer.status_code == 409
    assert nothing_is_before_readers()


@pytest.mark.parametrize("action", ["submit_selected", "approve_selected"])
def test_list_actions_refuse(text, action):
    article = stories.article(**text)
    entered(stories.chief()).post(
        "/admin/articles/article/", {"action": action, "_selected_action": [article.pk]}
    )
    assert stories.fresh(article).state == State.DRAFT


def test_an_import_is_refused(text):
    yesterday = timezone.now() - DAY
    articles = editing.create_many(stories.chief(), [(stories.content(**text), yesterday)])
    taken = [publishing.Publication(article, yesterday, "corpus:1") for article in articles]
    with pytest.raises(publishing.Blocked):
        publishing.record_many(stories.chief(), taken)
    assert nothing_is_before_readers()


@pytest.mark.parametrize("about", [b"Ida/RENEWZ"])
def test_an_upload_alone_publishes_nothing_whatever_is_sent_with_it(about):
    """Credit, licence and text beside the file are not taken: they are confirmed on their own."""
    data = with_iptc(headline=b"Hafen", credit=about).getvalue()
    answer = entered(stories.editor()).post(
        "/admin/images/image/hochladen/",
        {"file": sent("x.jpg", data), "licence": "own", "alt": "Kräne", "credit": "Ida"},
    )
    picture = json.loads(answer.content)["picture"]
    assert not picture["publishable"]
    article = stories.article(lead_image=Image.objects.get(pk=picture["id"]))
    with pytest.raises(publishing.Refusal):
        stories.act(article, "submit", stories.writer())


def test_nobody_confirms_for_others(gap):
    image, _ = desk.add(stories.editor(), file())
    other = entered(stories.user(roles.AUTHOR))
    answer = other.post(
        f"/admin/images/image/{image.pk}/bestaetigen/",
        {"version": 0, "title": "x", "alt": "x", "credit": "x", "licence": "own", "source_type": "photo",
         "focal_x": 50, "focal_y": 50},
    )  # fmt: skip
    assert answer.status_code == 403
    assert not Image.objects.get().is_publishable


def test_the_chooser_cannot_change_anything():
    image = stories.image(credit="")
    client: Client = entered(stories.editor())
    assert client.post("/admin/images/image/finden/", {"id": image.pk, "credit": "x"}).status_code == 405
