"""A small paper with one of everything, for the journeys of readers."""

import datetime as dt

from articles.models import Article, Edition
from images.models import Image
from tests import stories

BODY = (
    "<p>Der Satz, mit dem es anfängt, hat <strong>Gewicht</strong> und einen "
    '<a href="https://example.org/">Verweis</a>.</p>'
    "<h2>Zahlen</h2><table><thead><tr><th>Jahr</th><th>Anteil</th></tr></thead>"
    "<tbody><tr><td>2025</td><td>18&nbsp;%</td></tr></tbody></table>"
    "<h2>Stimmen</h2>"
    "<blockquote><p>„Das reicht nicht.“</p><footer>Ilse Kranich, Vorsitzende</footer></blockquote>"
    "<h2>Folgen</h2><ol><li>Erstens</li><li>Zweitens</li></ol>"
    '<h2>Ausblick</h2><aside data-facts=""><h3>Was ist das?</h3><p>Ein Kasten.</p></aside><p>Schluss.</p>'
)
LONG = (
    "Wärmeplanungsbeschleunigungsgesetz: Warum Tausende kleine Gemeinden bald planen dürfen, "
    "ohne jedes Haus zu zählen"
)


def printed(picture: Image) -> dict[str, str]:
    """Publish it; return the addresses of its kinds of pages."""
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(hours=30)
    for number in range(8):
        stories.published(
            at=begin + dt.timedelta(hours=number),
            headline=f"Meldung Nummer {number} aus dem Wirtschaftsteil",
            section=stories.section(["Politik", "Wirtschaft", "Wissen"][number % 3]),
            lead_image=picture if number % 2 else None,
            genre="opinion" if number == 5 else "news",
        )
    first: Article = stories.published(
        at=begin + dt.timedelta(hours=10), headline=LONG, body=BODY, lead_image=picture,
        lead_caption="Ein Feld im Herbst.", ai_use="assisted",
    )  # fmt: skip
    gone = stories.published(at=begin + dt.timedelta(hours=11), headline="Was nicht stimmte")
    stories.act(gone, "withdraw", stories.chief(), note="Die Angaben waren falsch.")
    edition = Edition.objects.get(article=first)
    return {
        "front": "/",
        "section": "/wirtschaft/",
        "tag": "/thema/banken/",
        "author": "/autoren/anna-weber/",
        "article": edition.get_absolute_url(),
        "corrections": "/korrekturen/",
        "imprint": "/impressum/",
        "privacy": "/datenschutz/",
        "accessibility": "/barrierefreiheit/",
        "404": "/gibt-es-nicht/",
        "410": f"/artikel/{gone.pk}/",
    }
