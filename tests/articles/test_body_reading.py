"""Reading a clean text: its words, what it points at, its blocks, headings and links."""

import pytest

from articles import body, markup, rendering
from articles.rendering import Block, Heading, Source
from tests.articles.test_body import ATTRIBUTES, RENDERED_TOO, assert_harmless

pytestmark = pytest.mark.once

# --- Words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("", ""),
        ("<p>a <strong>b</strong>c</p>", "a bc"),
        ("<h2>a</h2><p>b<br>c</p>", "a\nb c"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "a\nb\nc"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "a\nb"),
        ("<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>", "a\nb"),
        ("<blockquote><p>a</p><footer>B</footer></blockquote>", "a\nB"),
        ('<aside data-facts=""><h3>a</h3><p>b</p></aside>', "a\nb"),
        ('<p>a</p><figure data-image="7" data-caption="x"></figure><aside data-related="3"></aside>', "a"),
        ('<p>a<sup data-source="B" data-address="https://x.example/"></sup> c</p>', "a c"),
        ("<p>a &lt;b&gt; &amp; c\u00a0d</p>", "a <b> & c d"),
    ],
)
def test_plain_text_has_a_line_for_each_paragraph_heading_item_and_cell(markup, words):
    assert body.plain_text(markup) == words


# --- References --------------------------------------------------------------------------------


def test_references_are_found_in_order_and_once():
    found = body.references(
        '<p><a href="/artikel/9/">a</a> <a href="https://x.example/artikel/5/">b</a></p>'
        '<figure data-image="7"></figure><aside data-related="3"></aside><aside data-related="9"></aside>'
        '<figure data-image="2"></figure><figure data-image="7"></figure>'
    )

    assert (found.images, found.articles) == ([7, 2], [9, 3])


@pytest.mark.parametrize(
    "href", ["/artikel/0/", "/artikel/12", "/artikel/12/x/", "/artikel/-1/", "/artikel/12345678901/"]
)
def test_what_is_no_address_of_an_article_is_no_reference(href):
    assert body.references(f'<p><a href="{href}">a</a></p>').articles == []


# --- Blocks ------------------------------------------------------------------------------------


def test_each_block_is_shown_by_its_component():
    blocks, _ = rendering.render(
        "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table>"
        '<figure data-image="7" data-caption="c"></figure>'
        '<aside data-related="3"></aside><aside data-embed="https://x.example/"></aside>'
        '<aside data-facts=""><p>d</p></aside>',
        {},
    )

    assert blocks == [
        Block("html", html="<p>a</p>"),
        Block("table", html="<table><tbody><tr><td>b</td></tr></tbody></table>"),
        Block("figure", number=7, text="c"),
        Block("related", number=3),
        Block("embed", text="https://x.example/"),
        Block("facts", html="<p>d</p>"),
    ]


def test_what_stands_between_components_is_one_block():
    """Each costs a component and a cleaning; a long text has a hundred paragraphs."""
    blocks, _ = rendering.render(
        '<p>a</p> lose <h2>b</h2><ol><li>c</li></ol><aside data-related="3"></aside><p>d</p><p>e</p>', {}
    )

    assert blocks == [
        Block("html", html='<p>a</p>\n<h2 id="b">b</h2>\n<ol><li>c</li></ol>'),
        Block("related", number=3),
        Block("html", html="<p>d</p>\n<p>e</p>"),
    ]


@pytest.mark.parametrize(
    ("markup", "words", "source"),
    [
        ("<p>a</p><footer>B, <em>c</em></footer>", "<p>a</p>", "B, <em>c</em>"),
        ("<p>a</p><p>b</p><footer>C</footer>", "<p>a</p><p>b</p>", "C"),
        ("<p>a</p>", "<p>a</p>", ""),
        ("<p>a</p><footer><script>alert(1)</script>B</footer>", "<p>a</p>", "B"),
    ],
)
def test_who_said_it_stands_apart_from_the_words(markup, words, source):
    """Reader views drop every <footer>: the name would be lost with it."""
    assert rendering.render(f"<blockquote>{markup}</blockquote>", {})[0] == [
        Block("quote", html=words, source=source)
    ]


def test_headings_get_anchors_that_are_german_and_unique():
    blocks, headings = rendering.render(
        "<h2>Überblick</h2><h3>Überblick</h3><h2>Überblick 2</h2><h2>…</h2><h2>Überblick</h2>", {}
    )

    assert headings == [
        Heading(2, "ueberblick", "Überblick"),
        Heading(3, "ueberblick-2", "Überblick"),
        Heading(2, "ueberblick-2-2", "Überblick 2"),
        Heading(2, "artikel", "…"),
        Heading(2, "ueberblick-3", "Überblick"),
    ]
    [block] = blocks
    assert block.html.splitlines()[:2] == [
        '<h2 id="ueberblick">Überblick</h2>',
        '<h3 id="ueberblick-2">Überblick</h3>',
    ]


# --- Sources -----------------------------------------------------------------------------------


def reference(place, number):
    return (
        f'<sup><a class="ref" id="stelle_{place}" href="#quelle_{number}" role="doc-noteref">'
        f'<span class="hidden"> (Quelle </span>{number}<span class="hidden">)</span></a></sup>'
    )


def test_sources_are_numbered_as_they_appear_and_the_same_one_once():
    blocks, headings = rendering.render(
        '<h2>a<sup data-source="B"></sup></h2><p>c<sup data-source="D" data-address="https://d.example/"></sup></p>'
        '<aside data-facts=""><p>e<sup data-source="B"></sup></p></aside>'
        '<blockquote><p>f</p><footer>G<sup data-source="D"></sup></footer></blockquote>',
        {},
    )

    assert headings == [Heading(2, "a", "a")]
    assert blocks == [
        Block("html", html=f'<h2 id="a">a{reference(1, 1)}</h2>\n<p>c{reference(2, 2)}</p>'),
        Block("facts", html=f"<p>e{reference(3, 1)}</p>"),
        Block("quote", html="<p>f</p>", source=f"G{reference(4, 3)}"),
        Block(
            "sources",
            sources=(
                Source(1, "B", "", [1, 3]),
                Source(2, "D", "https://d.example/", [2]),
                Source(3, "D", "", [4]),
            ),
        ),
    ]


def test_a_text_without_sources_has_no_list():
    assert [block.kind for block in rendering.render("<p>m<sup>2</sup></p>", {})[0]] == ["html"]


def test_no_heading_takes_the_anchor_of_a_source():
    _, headings = rendering.render("<h2>Quelle 1</h2><h2>Stelle_1</h2><h2>Quellen_</h2>", {})
    assert [heading.anchor for heading in headings] == ["quelle-1", "stelle-1", "quellen"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ('<sup data-source="B"></sup>', ""),
        ('<sup data-source="B" data-address="https://x.example/"></sup>', ""),
        ("<p>m<sup>2</sup></p>", ""),
        ("<p>data-source</p>", ""),
        (
            '<sup data-source=""></sup>',
            "Eine Quelle sagt nicht, was sie ist: wer, Titel, wo erschienen, Datum.",
        ),
        (
            '<sup data-address="https://x.example/"></sup>',
            "Eine Quelle (https://x.example/) sagt nicht, was sie ist: wer, Titel, wo erschienen, Datum.",
        ),
        (
            '<sup data-source="B" data-address="x.example"></sup>',
            "Die Adresse der Quelle „B“ ist nicht vollständig: „x.example“. Sie beginnt mit https://.",
        ),
    ],
)
def test_a_source_that_could_not_be_kept_is_named(typed, fault):
    assert body.fault_of_sources(typed) == fault


# --- Links -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('<a href="/artikel/3/">a</a>', '<a href="/politik/wahl-3/">a</a>'),
        ('<a href="/artikel/4/">a <em>b</em></a>', "a <em>b</em>"),
        ('<a href="https://x.example/">a</a>', '<a href="https://x.example/" rel="external noopener">a</a>'),
        ('<a href="/impressum/">a</a>', '<a href="/impressum/">a</a>'),
        ('<a href="mailto:a@x.example">a</a>', '<a href="mailto:a@x.example">a</a>'),
    ],
    ids=["live", "not live", "elsewhere", "own page", "mail"],
)
def test_a_link_leads_to_the_address_of_the_day_or_is_plain_text(typed, shown):
    [block], _ = rendering.render(f"<p>{typed}</p>", {3: "/politik/wahl-3/"})

    assert block.html == f"<p>{shown}</p>"


# --- A row that came past the door -------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        '<p onclick="alert(1)">a</p><script>alert(1)</script>',
        "<svg onload=alert(1)></svg><img src=x onerror=alert(1)>",
        '<p><a href="javascript:alert(1)">a</a></p>',
        '<aside data-embed="javascript:alert(1)"></aside>',
        '<aside data-embed=""></aside><aside></aside><figure></figure>',
        '<figure data-image="x"></figure><aside data-related="-1"></aside>',
        '<aside data-related="99999999999999999999"></aside>',
        '<h2 id="x" onclick="alert(1)">a</h2>',
        '<aside data-facts=""><script>alert(1)</script><p style="x">a</p></aside>',
        "<!-- x --><?php x ?><p>a</p>",
        '<p>a<sup data-source="B" data-address="javascript:alert(1)">c</sup></p>',
        '<p><a href="#quelle_1" id="menu" class="footer" role="alert">a</a><span class="x">b</span></p>',
        "<html><head></head></html>",
        "loser Text",
        "<",
    ],
)
def test_a_row_that_came_past_the_door_is_shown_harmless(row):
    blocks, _ = rendering.render(row, {})
    body.plain_text(row)
    body.references(row)

    for block in blocks:
        assert_harmless(block.html, ATTRIBUTES | RENDERED_TOO)
        assert block.kind != "embed" or markup.is_web_address(block.text)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://x.example/a?b#c", True), ("http://x.example", True), ("HTTPS://x.example/", True),
        ("ftp://x.example/", False), ("//x.example/", False), ("https://", False), ("https:///a", False),
        ("javascript:alert(1)//https://x.example/", False), ("", False), ("http://[::1", False),
    ],
)  # fmt: skip
def test_what_is_a_web_address(address, good):
    assert markup.is_web_address(address) is good
