"""Addresses of the style page; part of the site in development only (``renewz/urls.py``)."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from styleguide import drawings, views


class Drawing(StringConverter):
    """The name of a drawing: a digest, so that no uploaded picture has the same."""

    regex = "|".join(drawings.SIZES)


register_converter(Drawing, "drawing")

urlpatterns = [
    path("stil/", views.style, name="style"),
    path("media/<drawing:name>", views.picture),
]
