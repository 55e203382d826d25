"""Finding manuscripts by parts of words, over the folded column ``Article.lookup``."""

from django.db import models

from articles.models.article import Article
from renewz.lib.trigrams import Trigrams, terms_of

_MOST = 200  # five pages of the newsroom's list, after all other filters; who gets more adds a word

_index = Trigrams("articles_lookup", "articles_article")
install, remove = _index.install, _index.remove


def matching(articles: models.QuerySet[Article], words: str) -> models.QuerySet[Article]:
    """Return the last changed articles that hold every one of the words, as part of a word too.

    Asks at once and only once: what the caller then counts, sorts and shows are known numbers.
    """
    if not terms_of(words):
        return articles
    found = _index.holding(articles, words).order_by("-changed_at", "-pk").values_list("pk", flat=True)
    return articles.filter(pk__in=list(found[:_MOST]))
