"""The corpus that ``make bench`` makes for itself."""

import io
import json

import pytest

from articles.models import Edition
from bench import corpus
from importers import actor
from importers.corpus import Loader

pytestmark = pytest.mark.django_db


def test_every_article_of_our_own_corpus_can_be_loaded() -> None:
    lines = "".join(f"{json.dumps(row)}\n" for row in corpus.rows(60)).encode()
    complaints: list[str] = []
    result = Loader(actor.named(""), None, str, complaints.append).load(io.BytesIO(lines))
    assert (result.loaded, complaints) == (60, [])
    assert Edition.objects.filter(headline__contains="prüft").count() == 4
    assert Edition.objects.filter(section__slug="politik").count() > 20


def test_the_corpus_is_the_same_in_every_run() -> None:
    assert list(corpus.rows(3)) == list(corpus.rows(3))
