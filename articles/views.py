"""Public pages. Every one is a function of the editions and of one moment, ``request.at``."""

import datetime as dt
import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import page
from articles.models import Edition, Section, Tag
from articles.paging import page_of
from authors.models import Author
from delivery.pages import in_parts, keep, public
from delivery.views import service_unavailable
from renewz.lib.prepared import Prepared

# At most one edition of an article is live at a moment.
_live: Prepared[Edition] = Prepared(
    lambda at, pk: Edition.objects.live(at).filter(article=pk).for_page().order_by()
)


def moment_of(request: HttpRequest) -> dt.datetime:
    """Return the one moment of this request (``delivery.middleware.moment``).

    An error page may be asked for before the middleware has run.
    """
    return getattr(request, "at", None) or timezone.now()


def respond(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Render a public page."""
    response = render(request, template, context, status=status)
    public(response)
    return response


@require_safe
def article(request: HttpRequest, section_slug: str, slug: str, pk: int) -> HttpResponse:
    """Show the live edition; an address of the past leads to that of the day."""
    edition = _live_edition(request, pk)
    if edition is None:
        return _gone_or_not_found(request, pk)
    if (edition.section.slug, edition.slug) != (section_slug, slug):
        earlier = Edition.objects.begun(moment_of(request)).filter(section__slug=section_slug, slug=slug)
        return _moved(edition, was_an_address=earlier.filter(article=pk).exists())
    return respond(request, "articles/article.html", page.of_edition(edition, moment_of(request)))


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from the number to the address of the day."""
    edition = _live_edition(request, pk)
    if edition is None:
        return _gone_or_not_found(request, pk)
    return _moved(edition, was_an_address=True)


def _moved(edition: Edition, *, was_an_address: bool) -> HttpResponse:
    """Lead to the address of the day; browsers ask each time, because a headline may change back.

    A link that went round is asked for as often as a page. Addresses that somebody made up have no end.
    """
    response = HttpResponsePermanentRedirect(edition.get_absolute_url())
    public(response)
    if was_an_address:
        keep(response)
    return response


def _live_edition(request: HttpRequest, pk: int) -> Edition | None:
    if pk > 2**62:  # larger than any key can be, and still written with 19 digits
        raise Http404
    return _live.first(at=moment_of(request), pk=pk)


def _gone_or_not_found(request: HttpRequest, pk: int) -> HttpResponse:
    withdrawal = Edition.objects.withdrawn(moment_of(request)).filter(article=pk).first()
    if withdrawal is None:
        raise Http404
    return respond(request, "410.html", {"withdrawal": withdrawal}, status=410)


@in_parts
@require_safe
def section(request: HttpRequest, section_slug: str) -> HttpResponse:
    """List a section, newest first."""
    shown = get_object_or_404(Section, slug=section_slug)
    at = moment_of(request)
    found = page_of(Edition.objects.live(at).filter(section=shown), request, at)
    return respond(request, "articles/section.html", {"section": shown, "page": found})


@in_parts
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """List a topic; one without a live article is no page."""
    shown = get_object_or_404(Tag, slug=slug)
    at = moment_of(request)
    found = page_of(Edition.objects.live(at).about(shown, at), request, at)
    if not found:
        raise Http404
    return respond(request, "articles/tag.html", {"tag": shown, "page": found})


@in_parts
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an author and what she has online."""
    shown = get_object_or_404(
        Author.objects.select_related("portrait__replacement").prefetch_related("links"), slug=slug
    )
    at = moment_of(request)
    found = page_of(Edition.objects.live(at).written_by(shown, at), request, at)
    portrait = shown.portrait.shown(at) if shown.portrait else None
    return respond(request, "articles/author.html", {"author": shown, "portrait": portrait, "page": found})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """List what we had to correct, newest first."""
    at = moment_of(request)
    rows = Edition.objects.corrections(at).select_related("section")[:50]
    return respond(request, "articles/corrections.html", {"corrections": list(rows)})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not there, or not yet: the same page for both."""
    newest = Edition.objects.live(moment_of(request)).newest_first().for_lists()[:5]
    return respond(request, "404.html", {"newest": list(newest)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; of a database or disk that will be back, say so and ask nothing of it."""
    if _passes(sys.exception()):
        return service_unavailable(request)
    response = render(request, "500.html", {"sections": []}, status=500)
    response.headers["Cache-Control"] = "no-store"
    return response


def _passes(fault: BaseException | None) -> bool:
    """Say whether a fault is that of a machine beside us: a database away, a full or read-only disk."""
    if isinstance(fault, OSError):
        return fault.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
    return isinstance(fault, OperationalError | InterfaceError)
