"""Plays the demo's newsroom through the two doors: written, handed in, approved, published.

Dates are relative to the moment of loading. What was loaded once is left alone.
"""

import datetime as dt
import hashlib
import io
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from articles import editing, publishing
from articles.editing import Content
from articles.models import Article, Revision, Section
from authors.models import Author
from images import renditions, uploads
from images.models import Image, Licence, SourceType
from importers.demo import illustrations
from importers.demo.people import HERE, load_accounts, load_authors, load_sections
from renewz.lib.text import fold

CREDIT = "Illustration: Studio RENEWZ"
SIZE = (2400, 1350)
SECOND = "/second"
Row = dict[str, Any]


class Job(NamedTuple):
    """A picture to be drawn: an illustration in its turn or, without a motif, a portrait."""

    key: str
    seed: str
    motif: str = ""
    turn: int | None = None
    look: str | None = None


class Newsroom:
    """Everything that the articles of the demo refer to."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.sections: dict[str, Section] = load_sections()
        self.authors: dict[str, Author] = load_authors()
        self.users: dict[str, User] = load_accounts(self.authors)
        self.articles: dict[str, Article] = {}
        self.pictures: dict[str, Image] = {}


def read_articles() -> dict[str, Row]:
    """Return the articles of the demo by key, the oldest first: later ones may refer to them."""
    rows = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (HERE / "articles").glob("*.toml")}
    return dict(sorted(rows.items(), key=lambda item: (-float(item[1]["hours_ago"]), item[0])))


def load(say: Callable[[str], object]) -> int:
    """Load what is missing; return how many articles were made."""
    rows = read_articles()
    newsroom = Newsroom(timezone.now())
    newsroom.articles = _known(rows)
    missing = {key: row for key, row in rows.items() if key not in newsroom.articles}
    if not missing:
        return 0
    say(f"Zeichne Bilder für {len(missing)} Artikel …")
    _draw_pictures(newsroom, rows, missing)
    say("Schreibe und veröffentliche …")
    # First all manuscripts, so that every text may refer to every other, then their story.
    for key, row in missing.items():
        newsroom.articles[key] = _begin(newsroom, row)
    for key, row in missing.items():
        _play(newsroom, key, row)
    return len(missing)


def _known(rows: dict[str, Row]) -> dict[str, Article]:
    """Return what was loaded before: articles that began with the headline of a row."""
    keys = {Content(headline=row["headline"]).cleaned().headline: key for key, row in rows.items()}
    first = Revision.objects.filter(number=1, content__headline__in=list(keys)).select_related("article")
    return {keys[revision.content["headline"]]: revision.article for revision in first}


def _draw_pictures(newsroom: Newsroom, rows: dict[str, Row], missing: dict[str, Row]) -> None:
    jobs = [job for job in _illustrations(rows) if _article(job) in missing] + _portraits(newsroom)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for job, data in zip(jobs, pool.map(_drawn, jobs), strict=True):
            newsroom.pictures[job.key] = _store(newsroom, job, rows, data)
    for key, author in newsroom.authors.items():
        author.portrait = newsroom.pictures.get(f"portrait/{key}")
        author.save()


def _illustrations(rows: dict[str, Row]) -> list[Job]:
    """Number the pictures of each motif, so that no two are alike: by key, then all second ones."""
    keys = sorted(key for key, row in rows.items() if row["motif"])
    pictures = [(key, key, rows[key]["motif"]) for key in keys]
    again = [key for key in keys if "second" in rows[key]["body"]]
    pictures += [(key + SECOND, f"{key}-2", rows[key]["motif"]) for key in again]
    turns: dict[str, count[int]] = defaultdict(count)
    return [Job(key, seed, motif, turn=next(turns[motif])) for key, seed, motif in pictures]


def _portraits(newsroom: Newsroom) -> list[Job]:
    rows = tomllib.loads((HERE / "authors.toml").read_text("utf-8"))
    people = [key for key, author in newsroom.authors.items() if not author.is_agency]
    return [Job(f"portrait/{key}", key, look=rows[key].get("look")) for key in people]


def _article(job: Job) -> str:
    return job.key.removesuffix(SECOND)


def _drawn(job: Job) -> bytes:
    if job.motif:
        picture = illustrations.draw(job.motif, job.seed, SIZE, turn=job.turn)
    else:
        picture = illustrations.portrait(job.seed, look=job.look)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=2)
    data = out.getvalue()
    # Here, with a process for every core: storing the picture then finds its sizes.
    checksum = hashlib.sha256(data).hexdigest()
    image = Image(checksum=checksum, width=picture.width, height=picture.height)
    renditions.make(image, picture.convert("RGB"))
    return data


def _store(newsroom: Newsroom, job: Job, rows: dict[str, Row], data: bytes) -> Image:
    if job.motif:
        row = rows[_article(job)]
        title, caption = row["headline"], row["caption"]
        alt = illustrations.describe(job.motif, job.seed, turn=job.turn)
    else:
        name = newsroom.authors[job.seed].name
        title, caption, alt = f"Porträt {name}", "", f"Gezeichnetes Porträt: {name}"
    user = newsroom.users["bild"]
    return uploads.store(
        io.BytesIO(data),
        title=title,
        user=user,
        alt=alt,
        caption=caption,
        credit=CREDIT,
        licence=Licence.OWN,
        source_type=SourceType.DIGITAL_ART,
    )


def _moment(newsroom: Newsroom, row: Row) -> dt.datetime:
    """Return when the article was or will be published, on a whole minute."""
    moment = newsroom.now - dt.timedelta(hours=float(row["hours_ago"]))
    return moment.replace(second=0, microsecond=0)


def _owner(newsroom: Newsroom, row: Row) -> User:
    first = row["authors"][0]
    user = newsroom.authors[first if isinstance(first, str) else first["author"]].user
    assert user is not None  # noqa: S101  (load_authors made one for each)
    return user


def _begin(newsroom: Newsroom, row: Row) -> Article:
    """Write the headline down, some hours before anything else happens."""
    begun = min(_moment(newsroom, row), newsroom.now) - dt.timedelta(hours=5)
    content = Content(headline=row["headline"], section=newsroom.sections[row["section"]])
    return editing.create(_owner(newsroom, row), content, at=begun)


def _content(newsroom: Newsroom, key: str, row: Row, text: str) -> Content:
    roles = [(a, "text") if isinstance(a, str) else (a["author"], a["role"]) for a in row["authors"]]
    return Content(
        **{name: row[name] for name in ("kicker", "headline", "lead", "genre", "ai_use")},
        section=newsroom.sections[row["section"]],
        lead_image=newsroom.pictures.get(key),
        lead_caption=row["caption"],
        body=_with_numbers(newsroom, key, text),
        bylines=[(newsroom.authors[name], role) for name, role in roles],
        tags=sorted(row["tags"], key=fold),
        related=[newsroom.articles[other].pk for other in row.get("related", [])],
    )


def _with_numbers(newsroom: Newsroom, key: str, text: str) -> str:
    """Put the numbers of articles and pictures where the text names keys."""
    article = newsroom.articles
    text = re.sub(r'href="article:([^"]+)"', lambda m: f'href="/artikel/{article[m[1]].pk}/"', text)
    text = re.sub(r'data-related="([^"]+)"', lambda m: f'data-related="{article[m[1]].pk}"', text)
    if "second" in text:
        text = text.replace('data-image="second"', f'data-image="{newsroom.pictures[key + SECOND].pk}"')
    return text


def _play(newsroom: Newsroom, key: str, row: Row) -> None:
    """Let the article happen, step by step, as far as its standing says."""
    article, standing, moment = newsroom.articles[key], row["standing"], _moment(newsroom, row)
    ready = min(moment, newsroom.now) - dt.timedelta(minutes=50)
    article = editing.save(
        _owner(newsroom, row), article, _content(newsroom, key, row, row["body"]),
        base_version=article.version, at=ready - dt.timedelta(minutes=70),
    )  # fmt: skip
    if standing == "draft":
        return
    article = _act(article, "submit", _owner(newsroom, row), ready)
    if standing == "in_review":
        return
    if standing == "sent_back":
        moment = ready + dt.timedelta(minutes=20)
        _act(article, "send_back", newsroom.users["redaktion"], moment, note=row["note"])
        return
    article = _act(article, "approve", newsroom.users["redaktion"], ready + dt.timedelta(minutes=25))
    if standing == "approved":
        return
    if standing == "scheduled":
        _act(article, "schedule", newsroom.users["redaktion"], newsroom.now, live_from=moment)
        return
    article = _act(article, "publish", newsroom.users["redaktion"], moment)
    for edition in row.get("editions", []):
        article = _new_edition(newsroom, key, article, row, edition)
    if standing == "withdrawn":
        _act(article, "withdraw", newsroom.users["cvd"], moment + dt.timedelta(hours=6), note=row["note"])


def _new_edition(newsroom: Newsroom, key: str, article: Article, row: Row, edition: Row) -> Article:
    text = row["body"]
    for old, new in edition["replace"]:
        text = text.replace(old, new)
    row["body"] = text
    moment = _moment(newsroom, row) + dt.timedelta(hours=float(edition["hours_later"]))
    before = moment - dt.timedelta(minutes=9)
    editor, chief = newsroom.users["redaktion"], newsroom.users["cvd"]
    article = editing.save(
        editor, article, _content(newsroom, key, row, text), base_version=article.version, at=before
    )
    article = _act(article, "submit", editor, before)
    article = _act(article, "approve", chief, moment)
    return _act(article, "publish", chief, moment, kind=edition["kind"], reader_note=edition["note"])


def _act(article: Article, name: str, user: User, at: dt.datetime, **request: Any) -> Article:
    return publishing.perform(name, article, user, article.token, publishing.Request(**request), at=at)
