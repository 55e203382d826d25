"""Addresses of the public site, the narrow ones first."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.views.decorators.http import require_safe

from articles import feeds, sitemaps, views
from delivery.pages import public_page


class NumberConverter(IntConverter):
    """The number of an article in its one spelling: „007“ would give every page addresses without end."""

    regex = "[1-9][0-9]{0,18}"


register_converter(NumberConverter, "number")

urlpatterns = [
    path("feed.xml", require_safe(public_page(feeds.NewestFeed())), name="feed"),
    path("robots.txt", public_page(sitemaps.robots), name="robots"),
    path("sitemap.xml", public_page(sitemaps.index), name="sitemap-index"),
    path("sitemap-<name>.xml", public_page(sitemaps.week), name="sitemap-week"),
    path("korrekturen/", views.corrections, name="corrections"),
    path("thema/<slug:slug>/", views.tag, name="tag"),
    path("autoren/<slug:slug>/", views.author, name="author"),
    path("artikel/<number:pk>/", views.permalink, name="permalink"),
    path("<slug:section_slug>/", views.section, name="section"),
    path("<slug:section_slug>/<slug:slug>-<number:pk>/", views.article, name="article"),
]
