"""Tells Sentry of faults, where a DSN is set: what broke and where, and nothing of who was reading."""

from typing import Any
from urllib.parse import urlsplit

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import ignore_logger

from renewz.lib.logs import request_number

# What of a request says nothing about a person.
_KEPT = ("method",)


def report(dsn: str, **more: Any) -> None:
    """Report faults of this process from now on."""
    for told_otherwise in ("delivery.journal", "django.security.DisallowedHost"):
        ignore_logger(told_otherwise)
    sentry_sdk.init(
        dsn=dsn,
        environment=settings.ENVIRONMENT,
        send_default_pii=False,
        max_request_body_size="never",
        # Values of variables and earlier events are texts of readers and editors.
        include_local_variables=False,
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(middleware_spans=False)],
        before_send=without_people,
        **more,
    )


def without_people(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Leave of the request its method and address without a query, and name its number."""
    asked = event.pop("request", None)
    if asked:
        kept = {name: asked[name] for name in _KEPT if name in asked}
        event["request"] = kept | {"url": urlsplit(asked.get("url", ""))._replace(query="").geturl()}
    for personal in ("user", "breadcrumbs", "server_name"):
        event.pop(personal, None)
    if number := request_number.get():
        event.setdefault("tags", {})["id"] = number
    return event
