from django.urls import path

from frontpage import legal, views

urlpatterns = [
    path("", views.front, name="front"),
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
]
