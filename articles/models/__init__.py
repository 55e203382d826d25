"""The newsroom's data. Start reading at ``story``, then ``article`` and ``edition``."""

from articles.models.article import Article, ArticleByline, RelatedArticle, TaggedArticle
from articles.models.edition import FOREVER, Edition, EditionByline, TaggedEdition
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.story import STORY_FIELDS, Story
from articles.models.tag import Tag
from articles.models.transition import Transition

__all__ = [
    "FOREVER",
    "STORY_FIELDS",
    "Article",
    "ArticleByline",
    "Edition",
    "EditionByline",
    "RelatedArticle",
    "Revision",
    "Section",
    "Story",
    "Tag",
    "TaggedArticle",
    "TaggedEdition",
    "Transition",
]
