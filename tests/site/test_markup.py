"""Every page is well-formed HTML: what a strict parser of the standard has nothing to say about.

`make audit` asks the Nu HTML Checker as well, which knows more and needs Java.
"""

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

import html5lib
import pytest
from lxml import html

from tests.site.test_budgets import KINDS

pytestmark = pytest.mark.django_db


def complaints(markup: str) -> list[str]:
    """Return what the parser of the HTML standard finds wrong, with the line."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(markup)
    return [f"{line}: {code} {values}" for (line, _), code, values in parser.errors]


@pytest.mark.parametrize(
    "broken", ["<p><div></p>", "<p>a</b></p>", '<a href="x" href="y">a</a>', "<table><p>a</p></table>"]
)
def test_the_parser_finds_what_is_broken(broken):
    frame = '<!doctype html><html lang="de"><head><title>a</title></head><body>{}</body></html>'
    assert complaints(frame.format("<main><p>a</p></main>")) == []
    assert complaints(frame.format(f"<main>{broken}</main>"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_well_formed(paper, kind):
    assert complaints(paper[kind].markup) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_inside_a_page_has_its_goal_and_no_name_is_given_twice(paper, kind):
    tree = html.fromstring(paper[kind].markup)
    names = Counter(tree.xpath("//@id"))
    assert [name for name, times in names.items() if times > 1] == []

    wanted = [address[1:] for address in tree.xpath("//a/@href") if address.startswith("#")]
    for attribute in ("aria-labelledby", "aria-controls", "aria-describedby", "for", "popovertarget"):
        wanted += [name for value in tree.xpath(f"//@{attribute}") for name in value.split()]
    assert set(wanted) - set(names) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_headings_step_down_one_at_a_time(paper, kind):
    levels = [int(heading.tag[1]) for heading in html.fromstring(paper[kind].markup).xpath(
        "//main//*[self::h1 or self::h2 or self::h3 or self::h4]"
    )]  # fmt: skip
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_says_each_thing_once(paper, kind):
    tree = html.fromstring(paper[kind].markup)
    assert len(tree.xpath("//title")) == 1
    assert tree.xpath("//title/text()")[0].strip()
    for name in ("description", "robots", "viewport"):
        assert len(tree.xpath(f"//meta[@name='{name}']")) == 1, name
    canonical = tree.xpath("//link[@rel='canonical']/@href")
    if kind in {"404", "410"}:
        assert canonical == []
        assert "noindex" in tree.xpath("//meta[@name='robots']/@content")[0]
        return
    assert len(canonical) == 1
    assert tree.xpath("//meta[@property='og:url']/@content") == canonical
    assert urlsplit(canonical[0]).netloc
    properties = Counter(tree.xpath("//meta/@property"))
    assert {name: times for name, times in properties.items() if times > 1} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_words_for_screen_readers_are_german_and_landmarks_have_names(paper, kind):
    tree = html.fromstring(paper[kind].markup)
    assert tree.get("lang") == "de"
    assert len(tree.xpath("//main")) == 1
    named = [
        element.get("aria-label")
        or " ".join(tree.get_element_by_id(element.get("aria-labelledby")).text_content().split())
        for element in tree.xpath("//nav | //section | //main//aside | //dialog")
    ]
    assert all(named)
    menus = [element.get("aria-label") or element.get("aria-labelledby") for element in tree.xpath("//nav")]
    assert len(menus) == len(set(menus))
    assert not [
        name for name in named if re.search(r"\b(close|menu|search|share|breadcrumb)\b", name, re.IGNORECASE)
    ]
