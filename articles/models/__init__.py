"""The newsroom's data. Start reading at ``story``, then ``article`` and ``edition``."""

from articles.models.article import Article, ArticleByline, ArticlePicture, RelatedArticle, TaggedArticle
from articles.models.edition import Edition, EditionByline, EditionPicture, TaggedEdition
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.share_card import ShareCard
from articles.models.story import STORY_FIELDS, Story
from articles.models.tag import Tag
from articles.models.transition import Transition

__all__ = [
    "STORY_FIELDS",
    "Article",
    "ArticleByline",
    "ArticlePicture",
    "Edition",
    "EditionByline",
    "EditionPicture",
    "RelatedArticle",
    "Revision",
    "Section",
    "ShareCard",
    "Story",
    "Tag",
    "TaggedArticle",
    "TaggedEdition",
    "Transition",
]
