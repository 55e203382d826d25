"""Tells Sentry of faults, where a DSN is set: what broke and where, and nothing of who was reading.

Messages of other people's exceptions hold rows, addresses and accounts: they stay in our own log.
"""

from typing import Any
from urllib.parse import urlsplit

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import ignore_logger
from sentry_sdk.types import Event, Hint

from background.reasons import reason_of
from renewz.lib.logs import request_number


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


def without_people(event: Event, hint: Hint) -> Event:
    """Leave of the request its method and address without a query, of messages what we wrote."""
    asked = event.pop("request", None)
    if asked:
        address = urlsplit(str(asked.get("url", "")))._replace(query="").geturl()
        event["request"] = {"method": asked.get("method", ""), "url": address}
    event.pop("user", None)
    event.pop("breadcrumbs", None)
    event.pop("server_name", None)
    event.pop("extra", None)
    if "logentry" in event:
        event["logentry"] = {"message": event["logentry"].get("message", "")}  # without what was put into it
    chain = event.get("exception", {}).get("values", [])
    for each in chain:
        each["value"] = ""
    error = hint.get("exc_info", (None, None, None))[1]
    if chain and error is not None:
        chain[-1]["value"] = reason_of(error)  # it stands last; before it what led to it
    if number := request_number.get():
        event.setdefault("tags", {})["id"] = number
    return event
