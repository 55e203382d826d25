"""What comes in through the editing door is harmless, typeset and has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import editing
from articles.editing import Content
from articles.models import Article, RelatedArticle, Tag
from tests import stories

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"
LINES = ("kicker", "headline", "lead", "lead_caption", "seo_title", "seo_description")


# --- Lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", LINES)
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zwei\n Zeilen ", "Zwei Zeilen"),
        ('Er sagt "Nein"...', "Er sagt „Nein“…"),
        ("Wert - 10 %", f"Wert{NBSP}– 10{NBSP}%"),
        ("rechts\u202elinks\x00", "rechtslinks"),
        ("Zu\u0308rich", "Zürich"),
        ("<b>fett</b> & <script>x</script>", "<b>fett</b> & <script>x</script>"),
    ],
    ids=["one line", "quotes", "typography", "direction", "NFC", "markup is text"],
)
def test_every_line_is_cleaned_and_set(field, typed, kept):
    assert getattr(Content(**{field: typed}).cleaned(), field) == kept


@pytest.mark.parametrize("field", [name for name in LINES if name != "lead"])
@pytest.mark.parametrize("typed", ["\u3164", " – ", "…", "\u200b\u2066"])
def test_a_line_that_looks_empty_is_empty(field, typed):
    assert getattr(Content(**{field: typed}).cleaned(), field) == ""


def test_the_body_goes_through_the_sanitiser():
    cleaned = Content(body='<p onclick="x()">"Ja"<script>x()</script></p><p></p>').cleaned()

    assert cleaned.body == "<p>„Ja“</p>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("Ölpreis & Co.", "oelpreis-co"), ("../../admin", "admin-"), ("???", "artikel")],
)
def test_an_address_is_a_slug_or_follows_the_headline(typed, kept):
    assert Content(slug=typed).cleaned().slug == kept.rstrip("-")


@given(
    st.fixed_dictionaries(
        {name: st.text(alphabet="\"'„“-. z.B10%§ \u00a0\u200bäx<&", max_size=40) for name in (*LINES, "slug")}
    )
)
def test_cleaning_twice_is_cleaning_once(values):
    once = Content(**values).cleaned()

    assert once.cleaned() == once


# --- Topics ------------------------------------------------------------------------------------


def names_of(article: Article) -> list[str]:
    return [row.tag.name for row in article.tag_rows.order_by("pk")]


def test_spellings_of_one_topic_are_one_topic(writer):
    article = stories.article(tags=["Öl", "öl", "OEL", " Öl "])

    assert len(names_of(article)) == 1
    assert Tag.objects.count() == 1


def test_a_topic_keeps_the_spelling_of_its_first_use(writer):
    stories.article(tags=["Öl"])

    second = stories.article(tags=["OEL"])

    assert names_of(second) == ["Öl"]
    assert second.revisions.get().content["tags"] == ["Öl"]


def test_topics_keep_their_order(writer):
    assert names_of(stories.article(tags=["Zinsen", "Banken", "Ärzte"])) == ["Zinsen", "Banken", "Ärzte"]


def test_topics_that_look_empty_are_none(writer):
    assert names_of(stories.article(tags=["", "  ", "…", "\u3164", "Banken"])) == ["Banken"]


def test_topics_that_would_share_an_address_get_one_each(writer):
    article = stories.article(tags=["C", "C++", "C#", "Мир", "Труд"])

    assert names_of(article) == ["C", "C++", "C#", "Мир", "Труд"]
    slugs = [tag.slug for tag in Tag.objects.order_by("pk")]
    assert slugs == ["c", "c-1", "c-2", "artikel", "artikel-1"]


def test_the_address_of_a_topic_is_german(writer):
    stories.article(tags=["Öffentlicher Verkehr"])

    assert Tag.objects.get().get_absolute_url() == "/thema/oeffentlicher-verkehr/"


def test_the_address_of_a_topic_stays_when_its_name_changes(writer):
    stories.article(tags=["Oel"])
    tag = Tag.objects.get()
    tag.name = "Erdöl"
    tag.save()

    assert (tag.slug, tag.key) == ("oel", "erdoel")


# --- Bylines -----------------------------------------------------------------------------------


def test_bylines_keep_their_order_and_roles(writer):
    anna, max_ = stories.author(), stories.author("Max Moll")

    article = stories.article(bylines=[(max_, "photo"), (anna, "text")])
    assert article.byline_rows() == [(max_, "photo"), (anna, "text")]

    article = stories.saved(article, bylines=[(anna, "text"), (max_, "photo")])
    assert article.byline_rows() == [(anna, "text"), (max_, "photo")]


def test_a_name_stands_once_in_a_byline(writer):
    anna = stories.author()

    article = stories.article(bylines=[(anna, "text"), (anna, "photo")])

    assert article.byline_rows() == [(anna, "photo")]


def test_a_name_without_a_role_wrote_the_text(writer):
    article = stories.article(bylines=[(stories.author(), "")])

    assert article.byline_rows() == [(stories.author(), "text")]
    assert stories.saved(article).version == 1


# --- „Lesen Sie auch“ --------------------------------------------------------------------------


def picked(article: Article) -> list[int]:
    return list(RelatedArticle.objects.filter(article=article).values_list("target_id", flat=True))


def test_hand_picked_articles_keep_their_order_and_stand_once(writer):
    first, second = stories.article(), stories.article()

    article = stories.article(related=[second.pk, first.pk, second.pk])

    assert picked(article) == [second.pk, first.pk]


def test_an_article_never_recommends_itself(writer):
    article = stories.article()

    article = stories.saved(article, related=[article.pk])

    assert picked(article) == []
    assert article.version == 1


def test_what_is_not_there_can_not_be_picked(writer):
    article = stories.article(related=[987_654])

    assert picked(article) == []
    assert article.revisions.get().content["related"] == []


# --- The words of the newsroom's search --------------------------------------------------------


def test_the_search_words_are_kicker_headline_names_and_topics_folded(writer):
    article = stories.article(
        kicker="Börse", headline="Größe zählt", bylines=[(stories.author("Jörg Weiß"), "text")], tags=["Öl"]
    )

    assert stories.fresh(article).lookup == "boerse groesse zaehlt joerg weiss oel"


def test_the_search_words_follow_the_text(writer):
    article = stories.article()

    editing.save(writer, article, Content(headline="Überraschung"), base_version=1)

    assert stories.fresh(article).lookup.split() == ["ueberraschung"]
