"""The text: what comes in is harmless, canonical and set; what goes out is so once more."""

import re

import pytest
from lxml import html

from articles import body

pytestmark = pytest.mark.once

NBSP = "\u00a0"
ALLOWED = {
    "p",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "blockquote",
    "footer",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "aside",
    "strong",
    "em",
    "a",
    "br",
    "sub",
    "sup",
}
ATTRIBUTES = {
    ("a", "href"),
    ("ol", "start"),
    ("th", "colspan"),
    ("th", "rowspan"),
    ("td", "colspan"),
    ("td", "rowspan"),
    ("figure", "data-image"),
    ("figure", "data-caption"),
    ("aside", "data-related"),
    ("aside", "data-embed"),
    ("aside", "data-facts"),
    ("sup", "data-source"),
    ("sup", "data-address"),
}
RENDERED_TOO = {("h2", "id"), ("h3", "id"), ("a", "rel")} | {
    ("a", "id"),
    ("a", "class"),
    ("a", "role"),
    ("span", "class"),
}


def assert_harmless(markup: str, attributes=ATTRIBUTES) -> None:
    """Look at the markup as a browser's tree: only our words, only addresses that lead somewhere."""
    tags = ALLOWED | {tag for tag, _ in attributes}
    for element in html.fragment_fromstring(markup, create_parent="div").iterdescendants():
        assert element.tag in tags, element.tag
        for name, value in element.attrib.items():
            assert (element.tag, name) in attributes, (element.tag, name)
            if name in {"href", "data-embed", "data-address"}:
                assert re.match(r"https?://|mailto:|/(?![/\\])|#quelle_[0-9]+$", value), value


# --- Hostile -----------------------------------------------------------------------------------

HOSTILE = [
    ("<script>alert(1)</script>", ""),
    ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
    ("<SCRIPT SRC=//x.example/x.js></SCRIPT>", ""),
    ("<scr<script>ipt>alert(1)</scr</script>ipt>", "<p>ipt&gt;alert(1)ipt&gt;</p>"),
    ("<img src=x onerror=alert(1)>", ""),
    ('<p onclick="alert(1)" style="position:fixed" class="x" id="y">a</p>', "<p>a</p>"),
    ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>"),
    ('<p><a href=" JaVaScRiPt:alert(1)">a</a></p>', "<p>a</p>"),
    ('<p><a href="java\tscript:alert(1)">a</a></p>', "<p>a</p>"),
    ('<p><a href="&#106;avascript:alert(1)">a</a></p>', "<p>a</p>"),
    ('<p><a href="\x01javascript:alert(1)">a</a></p>', "<p>a</p>"),
    ('<p><a href="data:text/html;base64,PHNjcmlwdD4=">a</a></p>', "<p>a</p>"),
    ('<p><a href="vbscript:x">a</a></p>', "<p>a</p>"),
    ('<p><a href="file:///etc/passwd">a</a></p>', "<p>a</p>"),
    ('<p><a href="//x.example/">a</a></p>', "<p>a</p>"),
    ('<p><a href="/\\x.example/">a</a></p>', "<p>a</p>"),
    ('<p><a href="https://">a</a></p>', "<p>a</p>"),
    ('<p><a href="http://[::1">a</a></p>', "<p>a</p>"),
    ('<p><a href="relativ.html">a</a></p>', "<p>a</p>"),
    (
        '<p><a target=_blank ping=//x href="https://x.example/">a</a></p>',
        '<p><a href="https://x.example/">a</a></p>',
    ),
    ("<svg onload=alert(1)><circle/></svg>", ""),
    ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
    ('<math><mi//xlink:href="data:x,<script>alert(1)</script>">', ""),
    ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", ""),
    ("<form action=//x><button>a</button><input value=b></form>", "<p>a</p>"),
    ('<iframe srcdoc="<script>alert(1)</script>">a</iframe>b', "<p>b</p>"),
    ("<object data=x>a</object><embed src=x>b", "<p>b</p>"),
    ("<template><p>a</p></template>b", "<p>b</p>"),
    ('<noscript><p title="</noscript><img src=x onerror=alert(1)>">', ""),
    ("<!-- <img src=x onerror=alert(1)> -->a", "<p>a</p>"),
    ("<!--><script>alert(1)</script>-->a", "<p>--&gt;a</p>"),
    ("<![CDATA[<script>alert(1)</script>]]>a", "<p>alert(1)]]&gt;a</p>"),
    ("<?php echo 1 ?>a", "<p>a</p>"),
    ("<base href=//x><meta http-equiv=refresh content=0><link rel=stylesheet href=//x>a", "<p>a</p>"),
    ("<style>*{display:none}</style>a", "<p>a</p>"),
    ('<figure data-image="7" onclick=x data-image-x=8></figure>', '<figure data-image="7"></figure>'),
    ('<figure data-image="7;alert(1)"></figure>a', "<p>a</p>"),
    (
        '<figure data-image="-1"></figure><figure data-image="0"></figure><figure data-image="07"></figure>',
        "",
    ),
    ('<figure data-image="99999999999"></figure>', ""),
    ("<figure><img src=x onerror=alert(1)></figure>", ""),
    ('<aside data-embed="javascript:alert(1)"></aside>a', "<p>a</p>"),
    (
        '<aside data-embed="https://x.example/"><script>x</script>a</aside>',
        '<aside data-embed="https://x.example/"></aside>',
    ),
    ('<aside data-related="x"></aside>', ""),
    ('<ol start="javascript:1"><li>a</li></ol>', "<ol><li>a</li></ol>"),
    (
        '<table background=x><tr><td colspan="2" width=3 bgcolor=x>a</td></tr></table>',
        '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
    ),
    (
        '<p>a<sup data-source="B" data-address="javascript:alert(1)" id="x" onclick="x">1</sup></p>',
        '<p>a<sup data-source="B"></sup>1</p>',
    ),
    (
        '<p>a<sup data-source="<script>alert(1)</script>"></sup></p>',
        '<p>a<sup data-source="&lt;script&gt;alert(1)&lt;/script&gt;"></sup></p>',
    ),
    ('<p>a<sup data-source="\u202eB\x00"></sup></p>', '<p>a<sup data-source="B"></sup></p>'),
    (
        '<p>a<sup data-source="" data-address="https://x.example/"></sup><sup data-source=" … "></sup></p>',
        "<p>a<sup></sup><sup></sup></p>",
    ),
    (
        '<p>a<sup data-source="B"><sup data-source="C"><script>x</script></sup></sup></p>',
        '<p>a<sup data-source="B"></sup><sup data-source="C"></sup></p>',
    ),
    ('<p>a<span class="hidden" role="doc-noteref">b</span><a href="#quelle_1">1</a></p>', "<p>ab1</p>"),
    ("<p>a", "<p>a</p>"),
    ("</p></div></body></html>a", "<p>a</p>"),
    ("<p", ""),
    ("<a href='https://x.example/", ""),
    ("<html><head></head></html>", ""),
    ("<html><head><title>x</title></head><body>a</body></html>", "<p>a</p>"),
    ("<frameset><frame src=x></frameset>", ""),
    ("a\x00b\u202ec", "<p>abc</p>"),
    ("a\ud800b", "<p>ab</p>"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ("&amp;lt;b&amp;gt;", "<p>&amp;lt;b&amp;gt;</p>"),
]


@pytest.mark.parametrize(
    ("dirty", "kept"), HOSTILE, ids=[f"{n}-{d[:28]!r}" for n, (d, _) in enumerate(HOSTILE)]
)
def test_hostile_markup_comes_out_harmless(dirty, kept):
    cleaned = body.clean(dirty)

    assert_harmless(cleaned)
    assert cleaned == kept
    assert body.clean(cleaned) == cleaned


# --- Canonical ---------------------------------------------------------------------------------

CANONICAL = {
    "empty": ("", ""),
    "editor's empty paragraph": ("<p></p>", ""),
    "only spaces": (f"<p> {NBSP} </p><h2> </h2><ul><li></li></ul>", ""),
    "words of others": (
        "<h1>a</h1><h4>b</h4><p><b>c</b> <i>d</i></p>",
        "<h2>a</h2><h3>b</h3><p><strong>c</strong> <em>d</em></p>",
    ),
    "loose text": ("a<p>b</p>c <em>d</em> e", "<p>a</p><p>b</p><p>c <em>d</em> e</p>"),
    "divisions are paragraphs": ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
    "divisions around blocks": (
        "<div><h2>a</h2><p>b</p><ul><li>c</li></ul></div>",
        "<h2>a</h2><p>b</p><ul><li>c</li></ul>",
    ),
    "a break stays": ("<p>a<br>b</p>", "<p>a<br>b</p>"),
    "paragraphs of items": (
        "<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>",
        "<ul><li>a</li><li><p>b</p><p>c</p></li></ul>",
    ),
    "paragraphs of cells": (
        "<table><tr><th><p>a</p></th><td><p>b</p></td></tr></table>",
        "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
    ),
    "nested lists": ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "numbered list": ('<ol start="3"><li>a</li></ol>', '<ol start="3"><li>a</li></ol>'),
    "quotation with source": (
        "<blockquote><p>a</p><footer>B</footer></blockquote>",
        "<blockquote><p>a</p><footer>B</footer></blockquote>",
    ),
    "bare quotation": ("<blockquote>a</blockquote>", "<blockquote><p>a</p></blockquote>"),
    "fact box": (
        "<aside data-facts><h3>a</h3><p>b</p></aside>",
        '<aside data-facts=""><h3>a</h3><p>b</p></aside>',
    ),
    "bare fact box": ("<aside data-facts>a</aside>", '<aside data-facts=""><p>a</p></aside>'),
    "aside of nobody": ("<aside><p>a</p></aside>", "<p>a</p>"),
    "blocks of ours hold nothing": (
        '<figure data-image="7"><p>a</p></figure>b',
        '<figure data-image="7"></figure><p>b</p>',
    ),
    "blocks of ours at the top only": (
        '<blockquote><figure data-image="7"></figure><p>a</p></blockquote>',
        "<blockquote><p>a</p></blockquote>",
    ),
    "block in a paragraph": (
        '<p>a<figure data-image="7"></figure>b</p>',
        '<p>a</p><figure data-image="7"></figure><p>b</p>',
    ),
    "stray items": ("<li>a</li><li>b</li>", "<p>a</p><p>b</p>"),
    "a heading in a stray item": ("<li><h2>a</h2></li>", "<h2>a</h2>"),
    "pictures in pictures": (
        '<figure data-image="7"><figure data-image="8"></figure></figure>a',
        '<figure data-image="7"></figure><p>a</p>',
    ),
    "deep nesting": ("<div>" * 900 + "a" + "</div>" * 900 + "<p>b</p>", "<p>a</p><p>b</p>"),
    "empty link": ('<p>a<a href="https://x.example/"></a></p>', "<p>a</p>"),
    "link without address": ("<p><a>a</a></p>", "<p>a</p>"),
    "own link": ('<p><a href="/artikel/12/">a</a></p>', '<p><a href="/artikel/12/">a</a></p>'),
    "mail": ('<p><a href="mailto:a@x.example">a</a></p>', '<p><a href="mailto:a@x.example">a</a></p>'),
    "source": (
        '<p>a<sup data-source=" B:  &quot;C&quot;, 2025 " data-address="https://x.example/?a&amp;b"></sup>.</p>',
        '<p>a<sup data-source="B: „C“, 2025" data-address="https://x.example/?a&amp;b"></sup>.</p>',
    ),
    "sources wherever words stand": (
        '<h2>a<sup data-source="B"></sup></h2><ul><li>c<sup data-source="B"></sup></li></ul>'
        '<blockquote><p>d</p><footer>E<sup data-source="B"></sup></footer></blockquote>',
        '<h2>a<sup data-source="B"></sup></h2><ul><li>c<sup data-source="B"></sup></li></ul>'
        '<blockquote><p>d</p><footer>E<sup data-source="B"></sup></footer></blockquote>',
    ),
    "source without words": ('<p><sup data-source="B"></sup></p>', '<p><sup data-source="B"></sup></p>'),
    "loose source": ('a<sup data-source="B"></sup>', '<p>a<sup data-source="B"></sup></p>'),
    "unclosed source": (
        '<p>a<sup data-source="B"/> b <em>c</em></p>',
        '<p>a<sup data-source="B"></sup> b <em>c</em></p>',
    ),
    "sources in a link": (
        '<p><a href="https://x.example/">a<sup data-source="B"></sup>b'
        '<em>c<sup data-source="D"></sup></em></a>e</p>',
        '<p><a href="https://x.example/">ab<em>c</em></a><sup data-source="B"></sup>'
        '<sup data-source="D"></sup>e</p>',
    ),
    "link of a source only": (
        '<p>a<a href="https://x.example/"><sup data-source="B"></sup></a></p>',
        '<p>a<sup data-source="B"></sup></p>',
    ),
    "raised text is no source": ("<p>m<sup>2</sup></p>", "<p>m<sup>2</sup></p>"),
    "word processor": (
        '<p class=MsoNormal style="margin:0"><span lang=DE>a<o:p></o:p></span></p>',
        "<p>a</p>",
    ),
}


@pytest.mark.parametrize(("typed", "kept"), CANONICAL.values(), ids=CANONICAL)
def test_every_text_has_one_form(typed, kept):
    assert body.clean(typed) == kept
    assert body.clean(kept) == kept


TYPOGRAPHY = {
    "in a paragraph": ('<p>"Ja"</p>', "<p>„Ja“</p>"),
    "around a mark": ('<p>Er sagte: "<em>Nein</em>".</p>', "<p>Er sagte: „<em>Nein</em>“.</p>"),
    "inside a mark": ('<p>Er sagte: <em>"Nein"</em>.</p>', "<p>Er sagte: <em>„Nein“</em>.</p>"),
    "across a break": ('<p>eins<br>"zwei"</p>', "<p>eins<br>„zwei“</p>"),
    "in heading, item, cell, source": (
        '<h2>"a"</h2><ul><li>"b"</li></ul><blockquote><p>"c"</p><footer>"d"</footer></blockquote>',
        "<h2>„a“</h2><ul><li>„b“</li></ul><blockquote><p>„c“</p><footer>„d“</footer></blockquote>",
    ),
    "around a source": (
        '<p>"Ja"<sup data-source="B"></sup>, 10<sup data-source="B"></sup> % "nein"</p>',
        '<p>„Ja“<sup data-source="B"></sup>, 10<sup data-source="B"></sup> % „nein“</p>',
    ),
    "each item begins anew": ('<ul><li>a</li><li>"b"</li></ul>', "<ul><li>a</li><li>„b“</li></ul>"),
    "never in a link": (
        '<p><a href="https://x.example/">"a" <em>"b"</em></a> "c"</p>',
        '<p><a href="https://x.example/">"a" <em>"b"</em></a> „c“</p>',
    ),
    "never in an address": (
        '<p><a href="https://x.example/?q=%22a...%22">a</a></p>',
        '<p><a href="https://x.example/?q=%22a...%22">a</a></p>',
    ),
    "protected spaces": ("<p>z. B. 10 %</p>", "<p>z.&nbsp;B. 10&nbsp;%</p>"),
}


@pytest.mark.parametrize(("typed", "kept"), TYPOGRAPHY.values(), ids=TYPOGRAPHY)
def test_typography_of_the_text(typed, kept):
    assert body.clean(typed) == kept
    assert body.clean(kept) == kept
