"""The page on which readers search. A function of the editions, the question and one moment."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.context import menu
from articles.views import moment_of, respond
from search import query as queries
from search.results import PAGE_SIZE, find
from search.suggestions import suggestions_for

BY_DATE = "datum"


@dataclass(frozen=True)
class Choice:
    """A link that asks the same in another way."""

    name: str
    address: str
    is_chosen: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found, or the empty field."""
    at = moment_of(request)
    sections = menu(request)
    query = queries.read(request.GET.get("q", ""))
    chosen = next((each for each in sections if each.slug == request.GET.get("ressort")), None)
    by_date = request.GET.get("sortiert") == BY_DATE
    asked = {
        "q": query.text,
        "ressort": chosen.slug if chosen else "",
        "sortiert": BY_DATE if by_date else "",
    }
    number = _page_number(request)
    context: dict[str, object] = {
        "query": query,
        "sections": sections,
        "chosen": chosen,
        "by_date": by_date,
        "kept": [(name, asked[name]) for name in ("ressort", "sortiert") if asked[name]],
        "choices": [
            Choice("Alle Ressorts", address(asked, ressort=""), chosen is None),
            *(Choice(each.name, address(asked, ressort=each.slug), each == chosen) for each in sections),
        ],
        "orders": [
            Choice("Beste zuerst", address(asked, sortiert=""), not by_date),
            Choice("Neueste zuerst", address(asked, sortiert=BY_DATE), by_date),
        ],
    }
    if not query:
        if number > 1:
            raise Http404
        return respond(request, "search/search.html", context)
    results = find(query, at, chosen, by_date=by_date)
    if number > results.pages:
        raise Http404
    context |= {
        "results": results,
        "hits": results.page(number, at),
        "number": number,
        "first_number": (number - 1) * PAGE_SIZE + 1,
        "previous": address(asked, seite=number - 1) if number > 1 else "",
        "next": address(asked, seite=number + 1) if number < results.pages else "",
    }
    if not results.numbers:
        context["everywhere"] = address(asked, ressort="") if chosen else ""
        context["suggestions"] = suggestions_for(query, sections, at)
    return respond(request, "search/search.html", context)


def _page_number(request: HttpRequest) -> int:
    """Return the page that is asked for. Raises Http404 for an address that never was."""
    text = request.GET.get("seite", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) > 0):
        raise Http404
    return int(text)


def address(asked: dict[str, str], **changes: object) -> str:
    """Return the query string of the same question with changes; what is empty is left out."""
    values = asked | {name: str(value) for name, value in changes.items()}
    if values.get("seite") == "1":
        del values["seite"]  # one address for one page
    return "?" + urlencode({name: value for name, value in values.items() if value})
