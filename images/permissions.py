"""Who may do what with which picture. The only place that knows; docs/redaktion.md has the table.

Asked below every view. A right is a permission given by a role (``accounts/roles.py``); being
superuser gives none.
"""

from accounts.models import User
from images.models import Image


def _has(user: User, right: str) -> bool:
    return user.is_authenticated and f"images.{right}" in user.newsroom_rights


def is_own(user: User, image: Image) -> bool:
    """Say whether she brought it into the house."""
    return image.uploaded_by_id is not None and image.uploaded_by_id == user.pk


def may_enter(user: User) -> bool:
    """Say whether the library is any of her business."""
    return _has(user, "view_image")


def may_upload(user: User) -> bool:
    """Say whether she may bring pictures into the house."""
    return _has(user, "add_image")


def cares_for_all(user: User) -> bool:
    """Say whether the pictures of others are her business too."""
    return _has(user, "describe_any_image")


def may_describe(user: User, image: Image) -> bool:
    """Say whether she may change what is said of it and where its middle is."""
    return cares_for_all(user) or (_has(user, "change_image") and is_own(user, image))


def may_swap(user: User, image: Image) -> bool:
    """Say whether she may put another picture in its place everywhere at once."""
    return _has(user, "swap_image")


def may_delete(user: User, image: Image) -> bool:
    """Say whether she may delete it, where nothing uses it."""
    return _has(user, "delete_image")


def may_download(user: User, image: Image) -> bool:
    """Say whether she may have the file as it came."""
    return _has(user, "download_image") or (may_enter(user) and is_own(user, image))
