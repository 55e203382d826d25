"""What pages of the emergency edition say beside what they always say: ``request.emergency``."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils.csp import build_policy

# Only a header can forbid that others frame a page.
_HEADER_ONLY = "frame-ancestors"


@dataclass(frozen=True)
class Notice:
    """The line above each page, and the policy for web servers that send no headers of ours."""

    since: dt.datetime
    policy: str


def notice(since: dt.datetime) -> Notice:
    """Return what pages made at this moment say."""
    rules = {name: sources for name, sources in settings.SECURE_CSP.items() if name != _HEADER_ONLY}
    return Notice(since, build_policy(rules))
