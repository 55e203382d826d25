"""The data block of a page: what it says, and that nothing can break out of it."""

import json
import re

import pytest

from articles import structured_data
from articles.choices import Genre
from tests import stories

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script> & <!-- „Öl“ \u2028"


def _nodes(html: str) -> list[dict]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])["@graph"]


def test_nothing_breaks_out_of_the_block() -> None:
    block = structured_data.script([{"headline": HOSTILE}])
    assert block.count("<") == 2  # the element's own tags
    assert _nodes(block)[0]["headline"] == HOSTILE


def test_hostile_values_reach_the_page_harmless(client) -> None:
    article = stories.published(headline=f"Titel {HOSTILE}")
    html = client.get(f"/artikel/{article.pk}/", follow=True).content.decode()
    assert "<script>alert" not in html
    assert "alert(1)" in _nodes(html)[0]["headline"]


def test_says_what_the_page_says(client) -> None:
    article = stories.published(genre=Genre.OPINION)
    response = client.get(f"/artikel/{article.pk}/", follow=True)
    node, path = _nodes(response.content.decode())
    assert node["@type"] == "OpinionNewsArticle"
    assert node["headline"] in response.content.decode()
    assert node["url"].endswith(response.request["PATH_INFO"])
    assert node["datePublished"] == node["dateModified"]
    assert re.search(r"[+-]\d\d:\d\d$", node["datePublished"])
    assert [author["@type"] for author in node["author"]] == ["Person"]
    assert [step["position"] for step in path["itemListElement"]] == [1, 2, 3]
