"""Pages that nginx keeps: its rules, in front of an upstream that does what a test says."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import QueryDict

from delivery import answers
from tests.deploy.running import OVER_TLS, ROOT, Running
from tests.deploy.upstream import FOR_EVERYBODY, LATER, Upstream, hours_ago, page

pytestmark = [pytest.mark.deploy, pytest.mark.once]

# What the application says of a public answer that it does not keep itself.
ONCE = "public, max-age=0, must-revalidate"


def fault(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    return 500, {"Cache-Control": "no-store"}, "Fehler"


def test_a_kept_page_does_not_reach_the_application(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("<p>Seite</p>" * 100, Content_Type="text/html")
    paths = ("/a/", "/a/", "/a/?utm_source=x", "/a/?fbclid=%20b&y", "/a/?")
    answers = [kept.over_tls(path) for path in paths]

    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT", "HIT", "HIT", "HIT"]
    assert upstream.paths == ["/a/"]
    assert {answer.raw for answer in answers} == {b"<p>Seite</p>" * 100}
    assert [answer.headers.get_all("Content-Length") for answer in answers] == [["1200"]] * 5
    assert [answer.headers.get_all("Vary") for answer in answers] == [["Accept-Encoding"]] * 5
    assert {answer.headers["X-Accel-Expires"] for answer in answers} == {None}
    assert kept.ask("/a/", method="HEAD", **OVER_TLS).headers["X-Cache"] == "HIT"
    assert kept.ask("/a/", Host="other.example", **OVER_TLS).headers["X-Cache"] == "MISS"
    assert kept.ask("/a/", X_Forwarded_Proto="http").headers["X-Cache"] == "MISS"


def test_no_query_gets_another_page_than_the_application_would_give(
    upstream: Upstream, kept: Running
) -> None:
    def as_django_reads_it(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        before = QueryDict(urlsplit(path).query).get("vor", "")
        return page(f"{urlsplit(path).path} {before}")

    upstream.answer = as_django_reads_it
    queries = (
        "", "?vor=5", "?vor=9", "?vor=5&utm_source=x", "?x=1&vor=5&y", "?vor=5&vor=9", "?vor=9&vor=5",
        "?%76or=5", "?vo%72=9&vor=5", "?vor=5&%76or=9", "?v%6fr=9", "?VOR=5", "?xvor=5", "?vor=", "?vor",
        "?vor=5x", "?vor=%35", "?a=vor", "?a=vor=9&vor=5", "?a=%26vor=9", "?vor=5%26vor=9", "?vor=05",
        "?vor=5;vor=9", "?vor+=9", "?=vor", "?a?vor=5",
    )  # fmt: skip
    for _ in range(2):
        for path in ("/a/", "/a/%3Fvor=5", "/a/%20vor=5", "/a/%2e/"):
            for query in queries:
                expected = as_django_reads_it(path + query, {})[2]
                assert kept.over_tls(path + query).body == expected, path + query
    shared = ("/a/?vor=5", "/a/?vor=5&utm_source=x", "/a/?x=1&vor=5&y", "/a/", "/a/?VOR=5")
    before = len(upstream.asked)
    assert [kept.over_tls(path).headers["X-Cache"] for path in shared] == ["HIT"] * 5
    assert len(upstream.asked) == before


def test_what_readers_invent_makes_no_entry(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da")
    invented = (
        "/%70olitik/", "//politik/", "/politik//", "/./politik/", "/politik/./", "/x/../politik/",
        "/politik/#1", "/politik/;a/", "/politik/?a=vor7", "/politik/?vor=7&vor=7", "/politik/?v%6fr=7",
        "/politik/?vor=07", "/politik/?vor=1234567890123456", "/politik/?vor=7&%76", "/politik/?vor=",
    )  # fmt: skip
    for path in invented * 2:
        answer = kept.over_tls(path)
        assert (answer.status, answer.headers["X-Cache"]) == (200, "BYPASS"), path
    assert len(upstream.paths) == 2 * len(invented)
    # Nor does it take the place of the page.
    assert kept.over_tls("/politik/").headers["X-Cache"] == "MISS"
    assert kept.over_tls("/politik/?vor=7").headers["X-Cache"] == "MISS"


def test_what_is_odd_is_not_shown_from_what_is_kept_when_the_application_is_away(
    upstream: Upstream, kept: Running
) -> None:
    upstream.answer = lambda path, headers: page("da", hours_ago(0))
    assert kept.over_tls("/politik/").status == 200
    upstream.answer = fault

    assert kept.over_tls("/politik/").status == 200
    assert kept.over_tls("/politik/?a=vor7").status == 503


def test_a_name_is_one_however_it_is_written(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page(headers["host"])
    names = ("renewz.example", "RENEWZ.example", "renewz.example:443", "renewz.example:8", "renewz.example.")
    answers = [kept.over_tls("/", Host=name) for name in names]

    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT", "HIT", "HIT", "HIT"]
    assert [headers["host"] for _, headers in upstream.asked] == ["renewz.example"]
    # The newsroom knows its own forms by name and port.
    assert kept.over_tls("/admin/", Host="renewz.example:8080").body == "renewz.example:8080"
    assert kept.over_tls("/suche/", Host="renewz.example:8080").body == "renewz.example"


def test_browsers_words_for_codings_become_three(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page(headers.get("accept-encoding", "-"))
    said = {
        "gzip, deflate, br, zstd": "br",
        "br": "br",
        "BR;q=1.0": "br",
        "gzip;q=1.0, br;q=0.5": "br",
        "gzip, br;q=0": "gzip",
        "deflate, gzip;q=0.8": "gzip",
        "gzip;q=0, br;q=0.000": "-",
        "identity": "-",
        "xbr, gzipped": "-",
        "zstd": "-",
    }
    assert {word: kept.over_tls("/", Accept_Encoding=word).body for word in said} == said
    assert len(upstream.asked) == 3


def test_who_is_signed_in_gets_her_own_page_and_leaves_none(upstream: Upstream, kept: Running) -> None:
    def by_cookie(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        return page(headers.get("cookie", "nobody"))

    upstream.answer = by_cookie
    cookies = ("__Host-sitzung=1", "a=b; sessionid=2", "a=b;__Host-sitzung=3; c=d")
    assert settings.SESSION_COOKIE_NAME == "sessionid"  # without TLS
    assert '"__Host-sitzung"' in (ROOT / "renewz/settings.py").read_text(encoding="utf-8")
    for _ in range(2):
        assert [kept.over_tls("/", Cookie=cookie).body for cookie in cookies] == list(cookies)
    assert kept.over_tls("/").body == "nobody"
    assert [kept.over_tls("/", Cookie=cookie).body for cookie in cookies] == list(cookies)
    assert kept.over_tls("/", Cookie="consent=sessionid; xsessionid=1").body == "nobody"


@pytest.mark.parametrize("path", ["/admin/", "/admin/articles/", "/suche/", "/suche/?q=x"])
def test_rooms_and_search_are_never_kept(upstream: Upstream, kept: Running, path: str) -> None:
    upstream.answer = lambda path, headers: page("x")
    answers = [kept.over_tls(path) for _ in range(2)]

    assert len(upstream.asked) == 2
    assert [answer.headers["X-Cache"] for answer in answers] == [None, None]


def test_when_its_second_is_over_the_application_is_asked_and_says_304(
    upstream: Upstream, kept: Running
) -> None:
    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        if headers.get("if-none-match") == '"one"':
            return page("", status=304, ETag='"one"')
        return page("eins", hours_ago(0), ETag='"one"')

    upstream.answer = answer
    answers = [kept.over_tls("/") for _ in range(3)]

    assert [each.body for each in answers] == ["eins"] * 3
    assert [each.headers["X-Cache"] for each in answers] == ["MISS", "REVALIDATED", "HIT"]
    # nginx itself says 304 to who has the page.
    known = kept.over_tls("/", If_None_Match='W/"one"')
    assert (known.status, known.body, known.headers["ETag"]) == (304, "", '"one"')
    assert known.headers["Cache-Control"] == FOR_EVERYBODY["Cache-Control"]
    assert kept.over_tls("/", If_None_Match='"two"').status == 200
    assert kept.over_tls("/", Range="bytes=0-1").status == 200
    assert len(upstream.asked) == 2


@pytest.mark.parametrize("status", [404, 410, 301])
def test_what_is_gone_takes_the_place_of_the_page_even_when_the_application_dies(
    upstream: Upstream, kept: Running, status: int
) -> None:
    upstream.answer = lambda path, headers: page("da", hours_ago(0))
    assert kept.over_tls("/").body == "da"
    upstream.answer = lambda path, headers: page("weg", hours_ago(0), status)
    assert [kept.over_tls("/").status for _ in range(2)] == [status] * 2
    upstream.answer = fault
    after = kept.over_tls("/")

    assert (after.status, after.body) == (status, "weg")


def test_what_never_was_makes_no_entry(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("nichts", status=404)
    assert [kept.over_tls("/x/").headers["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]


def test_an_address_that_the_application_keeps_as_moved_is_kept_and_one_made_up_is_not(
    upstream: Upstream, kept: Running
) -> None:
    """Else all who follow an old link wait for each other: of those who ask at once, one gets through."""
    upstream.answer = lambda path, headers: page(
        "", status=301, Location="/neu-1/", **({"Cache-Control": ONCE} if "x" in path else {})
    )
    for path, cached in (("/alt-1/", ["MISS", "HIT"]), ("/x-1/", ["MISS", "MISS"])):
        answers = [kept.over_tls(path) for _ in range(2)]
        assert [answer.headers["X-Cache"] for answer in answers] == cached
        assert [(answer.status, answer.headers["Location"]) for answer in answers] == [(301, "/neu-1/")] * 2


@pytest.mark.parametrize(
    ("status", "keeping", "cached"),
    [
        (200, FOR_EVERYBODY["Cache-Control"], "HIT"),
        (410, FOR_EVERYBODY["Cache-Control"], "HIT"),
        (301, FOR_EVERYBODY["Cache-Control"], "HIT"),
        (301, ONCE, "MISS"),
        (404, ONCE, "MISS"),
    ],
)
def test_a_connection_that_broke_first_changes_nothing_about_what_is_kept(
    upstream: Upstream, kept: Running, status: int, keeping: str, cached: str
) -> None:
    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str] | None:
        return None if len(upstream.asked) == 1 else page("x", status=status, **{"Cache-Control": keeping})

    upstream.answer = answer
    answers = [kept.over_tls("/a-1/") for _ in range(2)]

    assert [each.status for each in answers] == [status] * 2
    assert [each.headers["X-Cache"] for each in answers] == ["MISS", cached]
    assert len(upstream.asked) == (2 if cached == "HIT" else 3)


def test_the_application_says_it_in_the_words_that_nginx_looks_for() -> None:
    assert FOR_EVERYBODY["Cache-Control"] == answers._FOR_A_SECOND


def test_a_page_that_nobody_shall_keep_under_this_address_is_not_kept(
    upstream: Upstream, kept: Running
) -> None:
    upstream.answer = lambda path, headers: page("da", "0")
    assert [kept.over_tls("/x/?vor=1").headers["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]
    upstream.answer = fault
    assert kept.over_tls("/x/?vor=1").status == 503


def test_all_that_is_kept_can_be_forgotten_while_it_runs(upstream: Upstream, kept: Running) -> None:
    """As docs/betrieb.md says, for what was withdrawn while the application is away."""
    upstream.answer = lambda path, headers: page("da", hours_ago(0))
    assert kept.over_tls("/").body == "da"
    upstream.answer = fault
    assert (kept.over_tls("/").status, kept.over_tls("/").body) == (200, "da")
    for place in (kept.run / "pages").iterdir():
        shutil.rmtree(place)
    end = time.monotonic() + 20  # files that it has open it remembers for ten seconds
    while kept.over_tls("/").status != 503:
        assert time.monotonic() < end
        time.sleep(0.2)
    upstream.answer = lambda path, headers: page("neu", LATER)
    answers = [kept.over_tls("/") for _ in range(2)]

    assert [(each.body, each.headers["X-Cache"]) for each in answers] == [("neu", "MISS"), ("neu", "HIT")]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_shows_what_was_there(upstream: Upstream, kept: Running, status: int) -> None:
    upstream.answer = lambda path, headers: page("da", hours_ago(0))
    assert kept.over_tls("/").body == "da"
    upstream.answer = lambda path, headers: (status, {"Cache-Control": "no-store"}, "Fehler")
    shown = kept.over_tls("/")
    never_seen = kept.over_tls("/nie-gesehen/")

    assert (shown.status, shown.body, shown.headers["X-Cache"]) == (200, "da", "STALE")
    assert (never_seen.status, never_seen.headers["Retry-After"]) == (503, "30")
    assert "Wir sind gleich wieder da" in never_seen.body


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 503)])
def test_without_the_application_pages_are_shown_for_a_day(
    upstream: Upstream, kept: Running, hours: int, status: int
) -> None:
    upstream.answer = lambda path, headers: page("da", hours_ago(hours))
    assert kept.over_tls("/").body == "da"
    upstream.server.shutdown()
    upstream.server.server_close()

    assert kept.over_tls("/").status == status


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 503)])
def test_a_fault_too_shows_pages_for_a_day_however_often_they_are_asked_for(
    upstream: Upstream, kept: Running, hours: int, status: int
) -> None:
    upstream.answer = lambda path, headers: page("da", hours_ago(hours))
    assert kept.over_tls("/").body == "da"
    upstream.answer = fault

    assert [kept.over_tls("/").status for _ in range(3)] == [status] * 3


def test_of_many_who_ask_at_once_one_gets_through(upstream: Upstream, kept: Running) -> None:
    def slow(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        time.sleep(0.1)  # well within the time for which the others wait (proxy_cache_lock_timeout)
        return page("da")

    upstream.answer = slow
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: kept.over_tls("/").body, range(8)))

    assert answers == ["da"] * 8
    assert upstream.paths == ["/"]
