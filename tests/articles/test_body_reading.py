"""Reading a clean text: its words, what it points at, its blocks, headings and links."""

import pytest

from articles import body, markup, rendering
from articles.rendering import Block, Heading
from tests.articles.test_body import ATTRIBUTES, RENDERED_TOO, assert_harmless

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
    assert [block.html for block in blocks][:2] == [
        '<h2 id="ueberblick">Überblick</h2>',
        '<h3 id="ueberblick-2">Überblick</h3>',
    ]


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
