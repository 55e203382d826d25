"""What a reader gets of a page: whole, compressed, only its headers, or the word that she has it."""

import gzip
from http import HTTPStatus

import brotli
import pytest

from articles.choices import EditionKind
from delivery import pages
from tests import stories
from tests.stories import HOUR, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]


def test_a_reader_who_has_the_page_gets_304_without_rendering(
    client, clock, rendered, django_assert_num_queries
):
    path = stories.address(stories.published(at=NOON - HOUR))
    tag = client.get(path).headers["ETag"]
    pages.store.clear()  # another process has never rendered it
    with django_assert_num_queries(1):
        answer = client.get(path, headers={"If-None-Match": f'"x", {tag}'})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert rendered == [path]


def test_a_304_says_what_the_page_would_have_said(client, clock):
    path = stories.address(stories.published(at=NOON - HOUR))
    whole = client.get(path, headers={"Accept-Encoding": "br"})
    answer = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": whole.headers["ETag"]})
    names = ("ETag", "Cache-Control", "Vary")

    assert answer.status_code == HTTPStatus.NOT_MODIFIED
    assert dict(answer.headers) == {name: whole.headers[name] for name in names}


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),  # a proxy has compressed it
        ('"x",W/{tag} , "y"', 304),
        ("*", 304),
        ('"x"', 200),
        ("{other}", 200),  # the same page, but in a coding that was not asked for
        ("", 200),
    ],
)
def test_a_condition_is_about_the_representation_that_is_asked_for(client, clock, known, status):
    path = stories.address(stories.published(at=NOON - HOUR))
    tag = client.get(path).headers["ETag"]
    other = client.get(path, headers={"Accept-Encoding": "br"}).headers["ETag"]

    assert (
        client.get(path, headers={"If-None-Match": known.format(tag=tag, other=other)}).status_code == status
    )


def test_a_small_file_is_not_compressed_and_has_one_tag(client, clock):
    whole = client.get("/robots.txt", headers={"Accept-Encoding": "br"})
    known = {"Accept-Encoding": "br", "If-None-Match": whole.headers["ETag"]}

    assert "Content-Encoding" not in whole.headers
    assert whole.headers["ETag"] == client.get("/robots.txt").headers["ETag"]
    assert client.get("/robots.txt", headers=known).status_code == HTTPStatus.NOT_MODIFIED


def test_a_feed_has_no_date_that_could_stay_when_it_changes(client, clock):
    article = stories.published(at=NOON - HOUR)
    feed = client.get("/feed.xml")
    known = {"If-Modified-Since": "Wed, 01 Jan 2031 00:00:00 GMT"}
    stories.revised(article, at=NOON, kind=EditionKind.TYPO, headline="Ein Tippfehler weniger")

    assert "Last-Modified" not in feed.headers
    assert "Ein Tippfehler weniger" in client.get("/feed.xml", headers=known).text


def test_a_part_is_answered_with_the_whole(client, clock):
    path = stories.address(stories.published(at=NOON - HOUR))
    answer = client.get(path, headers={"Range": "bytes=0-10"})

    assert (answer.status_code, answer.content) == (200, client.get(path).content)
    assert "Accept-Ranges" not in answer.headers


def test_what_is_withdrawn_is_never_unchanged(client, clock):
    article = stories.published(at=NOON - HOUR)
    stories.withdrawn(article, at=NOON)
    gone = client.get(stories.address(article), headers={"If-None-Match": "*"})

    assert gone.status_code == HTTPStatus.GONE
    assert "ETag" not in gone.headers


def test_after_a_change_the_reader_gets_the_new_page(client, clock):
    article = stories.published(at=NOON - HOUR)
    tag = client.get(stories.address(article)).headers["ETag"]
    stories.revised(article, at=NOON, kind=EditionKind.UPDATE, lead="Jetzt steht hier etwas anderes.")
    answer = client.get(stories.address(article), headers={"If-None-Match": tag})

    assert answer.status_code == HTTPStatus.OK
    assert "Jetzt steht hier etwas anderes." in answer.text


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, gzip;q=0", ""),
        ("BR", "br"),
    ],
)
def test_each_coding_is_the_same_page_with_its_length_and_tag(client, clock, accepted, coding):
    path = stories.address(stories.published(at=NOON - HOUR))
    plain = client.get(path)
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding]

    assert answer.headers.get("Content-Encoding", "") == coding
    assert unpack(answer.content) == plain.content
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == plain.headers["ETag"][:-1] + (f'-{coding}"' if coding else '"')


def test_a_head_request_has_the_headers_and_no_body(client, clock):
    path = stories.address(stories.published(at=NOON - HOUR))
    head = client.head(path)
    whole = client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)
    assert whole.headers["Content-Length"] == str(len(whole.content))
    known = {"If-None-Match": whole.headers["ETag"]}
    assert client.head(path, headers=known).status_code == HTTPStatus.NOT_MODIFIED
