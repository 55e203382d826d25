"""What ``bench/delivery.py`` compares with: one Django view behind the middleware of a new project."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

settings.configure(
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)

_BODY = Path(os.environ["BARE_BODY"]).read_bytes()


def page(request: HttpRequest) -> HttpResponse:
    """Return the bytes of a page that somebody else has rendered and compressed."""
    return HttpResponse(_BODY, headers={"Content-Encoding": "gzip"})


urlpatterns = [re_path("", page)]  # under whatever address our own page has
application = get_wsgi_application()
