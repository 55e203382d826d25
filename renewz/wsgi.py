"""Entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renewz.settings")

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  as below
from django.db import connections  # noqa: E402

from delivery.front_door import with_front_door  # noqa: E402  its settings are those of Django
from renewz.database import limit_web_process  # noqa: E402

for alias in connections:
    limit_web_process(connections.settings[alias])

application = with_front_door(_django)
if settings.METRICS_BIND:
    from renewz.metrics import with_metrics  # an optional package

    application = with_metrics(application, settings.METRICS_BIND.rpartition(":")[2])
