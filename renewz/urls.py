"""The map of the site on one screen."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.static import serve

from delivery.views import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", admin.site.urls),
    path("", include("frontpage.urls")),
    path("", include("search.urls")),
    path("", include("articles.urls")),
]

if settings.SERVE_MEDIA:
    # Before the rest: „/media/“ would be a section otherwise.
    urlpatterns.insert(
        0, re_path(r"^media/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT}, name="media")
    )

if settings.ENVIRONMENT == "development":
    # For those who build the site; production does not even load it.
    urlpatterns.insert(0, path("", include("styleguide.urls")))

handler404 = "articles.views.not_found"
handler500 = "articles.views.server_error"
