"""What a site under test is filled with and asked afterwards: a process in the site's environment.

``python -m tests.faults.newsroom fill 400`` writes through the two doors and prints JSON.
"""

# ruff: noqa: T201  what is printed is the answer

import datetime as dt
import json
import os
import random
import sys
from collections import Counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renewz.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import roles  # noqa: E402
from articles import editing, publishing  # noqa: E402
from articles.models import Article, Edition, Revision  # noqa: E402
from images.models import Image  # noqa: E402
from images.renditions import wanted  # noqa: E402
from tests import stories  # noqa: E402
from tests.faults.site import PASSWORD  # noqa: E402

_BATCH = 200


def fill(number: int) -> dict[str, Any]:
    """Make the people, and this many articles that have long been online."""
    roles.sync()
    for account in (stories.writer(), stories.editor(), stories.chief()):
        account.set_password(PASSWORD)
        account.save()
    newest = timezone.now() - stories.HOUR
    for first in range(0, number, _BATCH):
        moments = [newest - place * stories.MINUTE for place in range(first, min(first + _BATCH, number))]
        texts = [stories.content(headline=f"Lange da {moment:%d.%m.%Y %H:%M}") for moment in moments]
        made = editing.create_many(stories.chief(), list(zip(texts, moments, strict=True)))
        publishing.record_many(
            stories.chief(),
            [
                publishing.Publication(article, moment, "Prüfstand")
                for article, moment in zip(made, moments, strict=True)
            ],
        )
    shown = Edition.objects.live(timezone.now()).newest_first().select_related("section")
    return {
        "articles": [edition.get_absolute_url() for edition in shown],
        "section": stories.section().get_absolute_url(),
        "section_pk": stories.section().pk,
    }


def begin(headline: str) -> int:
    """Begin a manuscript of the writer's."""
    return stories.article(headline=headline).pk


def written() -> dict[str, Any]:
    """Count what was saved: versions and manuscripts by headline."""
    versions = Revision.objects.values_list("content__headline", flat=True)
    gaps = [
        article.pk
        for article in Article.objects.exclude(headline__startswith="Lange da")
        if list(article.revisions.order_by("number").values_list("number", flat=True))
        != list(range(1, article.version + 1))
    ]
    return {
        "versions": Counter(versions),
        "articles": Counter(Article.objects.values_list("headline", flat=True)),
        "gaps": gaps,
    }


def publish(headline: str) -> str:
    """Publish an article now; return its address."""
    return stories.editions_of(stories.published(headline=headline, at=timezone.now()))[-1].get_absolute_url()


def pictures() -> list[int]:
    """Return how many pictures have all their sizes, and how many there are."""
    rows = list(Image.objects.all())
    return [sum(image.rendered == wanted(image) for image in rows), len(rows)]


def plan(headline: str, live_from: str, live_until: str = "") -> str:
    """Schedule an article; return its address."""
    until = dt.datetime.fromisoformat(live_until) if live_until else None
    article = stories.scheduled(
        headline=headline, live_from=dt.datetime.fromisoformat(live_from), live_until=until
    )
    return stories.editions_of(article)[-1].get_absolute_url()


def release(number: int, seconds: int) -> list[dict[str, Any]]:
    """Plan articles that come and go, spread over so many seconds; the first comes soon."""
    chance = random.Random(number)  # noqa: S311  the same plan in every run
    began = timezone.now()
    ready = [stories.approved(headline=f"Geplant {place}") for place in range(number)]
    # Planning takes less than writing did, whatever the database; twice as long is room enough.
    first = timezone.now() + dt.timedelta(seconds=15) + 2 * (timezone.now() - began)
    planned = []
    for place, article in enumerate(ready):
        begin = first + dt.timedelta(
            milliseconds=int(1000 * seconds * place / number) + chance.randrange(1000)
        )
        end = begin + dt.timedelta(milliseconds=chance.randrange(12_000, 30_000))
        stories.act(article, "schedule", live_from=begin, live_until=end)
        path = stories.editions_of(article)[-1].get_absolute_url()
        planned.append({"pk": article.pk, "path": path, "begin": begin.timestamp(), "end": end.timestamp()})
    if timezone.now() > first:
        raise RuntimeError("Das Planen hat zu lange gedauert.")
    return planned


def intact() -> str:
    """Return SQLite's own word on its file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


_QUESTIONS = {
    question.__name__: question
    for question in (fill, begin, written, publish, pictures, plan, release, intact)
}


def main(name: str, *words: str) -> None:
    """Answer one question."""
    given = [int(word) if word.isdigit() else word for word in words]
    print(json.dumps(_QUESTIONS[name](*given)))  # type: ignore[operator]
    # Unclosed, PostgreSQL's pool holds up the end.
    getattr(connection, "close_pool", lambda: None)()


if __name__ == "__main__":
    main(*sys.argv[1:])
