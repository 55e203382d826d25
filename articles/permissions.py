"""Who may do what with which article. The only place that knows; docs/redaktion.md has the table.

Predicates of (user, article), below every view: forms, list actions, direct requests and
commands all ask here. A right is a permission given by a role (``accounts/roles.py``); being
superuser gives none.
"""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import User
from articles.choices import State
from articles.models import Article, Edition, Revision

Predicate = Callable[[User, Article], bool]


def _has(user: User, right: str) -> bool:
    return user.is_authenticated and f"articles.{right}_article" in user.newsroom_rights


def is_own(user: User, article: Article) -> bool:
    """Say whether this is her text: she began it or stands in its byline."""
    if article.owner_id == user.pk:
        return True
    return article.pk is not None and article.bylines.filter(author__user=user).exists()


def may_enter(user: User) -> bool:
    """Say whether the newsroom's articles are any of her business."""
    return _has(user, "view")


def is_reviewer(user: User) -> bool:
    """Say whether texts wait for her."""
    return _has(user, "review")


def may_create(user: User) -> bool:
    """Say whether she may begin a manuscript."""
    return _has(user, "add")


def may_view(user: User, article: Article) -> bool:
    """Say whether she may read the manuscript and its history."""
    return _has(user, "edit_any") or (_has(user, "view") and is_own(user, article))


def may_edit(user: User, article: Article) -> bool:
    """Say whether she may change the text now; authors until it is approved."""
    if article.trashed_at is not None:
        return False
    if _has(user, "edit_any"):
        return True
    return _has(user, "change") and article.state != State.APPROVED and is_own(user, article)


def may_review(user: User, article: Article) -> bool:
    """Say whether she may send texts back."""
    return is_reviewer(user)


def may_approve(user: User, article: Article) -> bool:
    """Say whether she may approve this text: a reviewer who has no part in it (four eyes)."""
    return is_reviewer(user) and (not settings.FOUR_EYES or not has_part_in(user, article))


def may_release(user: User, article: Article) -> bool:
    """Say whether she may publish and schedule."""
    return _has(user, "release")


ONLY_CHIEFS_CORRECT = "Eine Korrektur veröffentlicht die Chefin oder der Chef vom Dienst."


def may_correct(user: User, article: Article) -> bool:
    """Say whether she may release a correction."""
    return _has(user, "release") and _has(user, "correct")


def may_withdraw(user: User, article: Article) -> bool:
    """Say whether she may take an article away from readers."""
    return _has(user, "withdraw")


def may_release_alone(user: User, article: Article) -> bool:
    """Say whether she may release in an emergency, without a second pair of eyes."""
    return _has(user, "release_alone")


def may_import(user: User) -> bool:
    """Say whether she may take over what was published elsewhere: nobody here has checked it."""
    return _has(user, "add") and _has(user, "release_alone")


def may_trash(user: User, article: Article) -> bool:
    """Say whether she may throw a manuscript away or fetch it back."""
    return _has(user, "edit_any") or (_has(user, "change") and is_own(user, article))


def has_part_in(user: User, article: Article) -> bool:
    """Say whether she changed the text since it was last released."""
    return user.pk in contributors(article)


def contributors(article: Article) -> set[int]:
    """Return the accounts that changed the text since its last released revision."""
    released = (
        Edition.objects.filter(article=article, revision__isnull=False)
        .order_by("-revision__number")
        .values_list("revision__number", flat=True)
        .first()
    )
    rows = Revision.objects.filter(article=article, number__gt=released or 0)
    return {pk for pk in rows.values_list("author_id", flat=True) if pk is not None}


def visible_articles(user: User) -> QuerySet[Article]:
    """Return the manuscripts that she may see: the query for ``may_view``."""
    if _has(user, "edit_any"):
        return Article.objects.all()
    if not _has(user, "view"):
        return Article.objects.none()
    named = Article.objects.filter(bylines__author__user=user).values("pk")
    return Article.objects.filter(Q(owner=user) | Q(pk__in=named))
