"""Entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renewz.settings")

_django = get_wsgi_application()

from delivery.front_door import with_front_door  # noqa: E402  its settings are those of Django

application = with_front_door(_django)
