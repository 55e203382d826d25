"""Whatever text comes, the sanitiser's result is harmless and final, and costs what its length costs."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import body, rendering
from tests.articles.test_body import ATTRIBUTES, RENDERED_TOO, assert_harmless

pytestmark = pytest.mark.once

_TEXT = st.text(alphabet="aß1\"'“„-. <>&\n\u00a0%", max_size=8).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)
_TAGS = st.sampled_from(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "blockquote",
        "footer",
        "table",
        "tr",
        "td",
        "figure",
        "aside",
        "strong",
        "b",
        "em",
        "a",
        "sup",
        "br",
        "div",
        "span",
        "svg",
        "script",
    ]
)
_ATTRIBUTE = st.sampled_from(
    ["", ' data-image="7"', ' data-related="3"', " data-facts", ' data-embed="https://x.example/"',
     ' href="/artikel/3/"', ' href="javascript:x"', ' onclick="x"', ' start="2"',
     ' data-source="Amt: &quot;a&quot;..."', ' data-source="B" data-address="https://x.example/"']
)  # fmt: skip


def _written(tag, attribute, inner, closed):
    return f"<{tag}{attribute}>{''.join(inner)}" + (f"</{tag}>" if closed else "")


def _element(children):
    return st.builds(_written, _TAGS, _ATTRIBUTE, st.lists(children, max_size=4), st.booleans())


_MARKUP = st.lists(st.recursive(_TEXT, _element, max_leaves=12), max_size=4).map("".join)


@settings(max_examples=300)
@given(_MARKUP)
def test_whatever_markup_comes_the_result_is_harmless_and_final(dirty):
    cleaned = body.clean(dirty)

    assert_harmless(cleaned)
    assert body.clean(cleaned) == cleaned


@given(st.text(max_size=100))
def test_whatever_text_comes_the_result_is_harmless_and_final(dirty):
    cleaned = body.clean(dirty)

    assert_harmless(cleaned)
    assert body.clean(cleaned) == cleaned


@given(_MARKUP)
def test_every_clean_text_can_be_shown(dirty):
    blocks, _ = rendering.render(body.clean(dirty), {3: "/politik/a-3/"})

    for block in blocks:
        assert_harmless(block.html, ATTRIBUTES | RENDERED_TOO)


COSTLY = {
    "breaks": "<br>",
    "items": "<li><p>a</p></li>",
    "paragraphs": "<p>a</p>",
    "marks": "a<b>b</b>",
    "spans": "<span>a</span>",
    "asides": "<aside>a</aside>",
    "open links": "<a href=/x>",
    "angle brackets": "<",
    "ampersands": "&",
    "open comments": "<!--",
    "quotes": '"a ',
    "apostrophes": "'",
    "divisions": "<div>",
    "open marks": "<b>",
    "open lists": "<ul><li>",
    "cells": "<td>a",
    "sources": '<sup data-source="B">',
    "sources in a link": '<a href=/x>a<sup data-source="B"></sup>',
    "figures": '<figure data-image="7">',
}


@pytest.mark.parametrize("piece", COSTLY.values(), ids=COSTLY)
def test_no_text_costs_much_more_than_its_length(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        start = time.process_time()
        body.clean(text)
        return time.process_time() - start

    # Eight times the length: a square would cost 64 times.
    assert seconds(200_000) < 24 * max(seconds(25_000), 0.1)


@pytest.mark.parametrize(
    "text",
    [
        "<ul><li>" + "<p>a</p>" * 20_000,
        '<sup data-source="B">' * 2_000,  # the parser stops at this depth, and hides a square above
    ],
    ids=["paragraphs of an item", "sources in sources"],
)
def test_what_holds_much_costs_no_square(text):
    start = time.process_time()

    body.clean(text)

    assert time.process_time() - start < 3
