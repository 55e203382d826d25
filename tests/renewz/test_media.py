"""Where pictures lie: on this disk by default, in a store that speaks S3 by setting."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.storage import default_storage, storages
from django.test import override_settings
from PIL import Image as Pillow

from images import renditions, uploads
from images.models import Image
from renewz import checks
from renewz.media import FOR_EVER, media_storages, origin_of
from tests import stories
from tests.renewz.test_checks import start

GIVEN = {
    "bucket": "bilder",
    "originals_bucket": "originale",
    "endpoint": "https://s3.example",
    "region": "eu-central-1",
    "access_key": "AKIA",
    "secret_key": "geheim",
    "url": "https://bilder.renewz.example/pfad/",
}
NOTHING = dict.fromkeys(GIVEN, "")


# --- Settings ----------------------------------------------------------------------------------


def test_without_a_bucket_pictures_lie_on_this_disk():
    found = media_storages(NOTHING, Path("/srv/renewz"))

    assert found == {
        "default": {"BACKEND": "renewz.storage.PublicFileStorage"},
        "originals": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": Path("/srv/renewz/originals"), "base_url": None},
        },
    }


def test_with_a_bucket_each_kind_has_its_own():
    found = media_storages(GIVEN, Path("/srv/renewz"))

    public, private = found["default"]["OPTIONS"], found["originals"]["OPTIONS"]
    assert (public["bucket_name"], private["bucket_name"]) == ("bilder", "originale")
    assert (public["custom_domain"], public["url_protocol"]) == ("bilder.renewz.example/pfad", "https:")
    assert public["object_parameters"] == {"CacheControl": "public, max-age=31536000, immutable"}
    assert private["object_parameters"] == {"CacheControl": "private, no-store"}
    assert "custom_domain" not in private
    for options in (public, private):
        assert (options["endpoint_url"], options["region_name"]) == ("https://s3.example", "eu-central-1")
        assert (options["access_key"], options["secret_key"]) == ("AKIA", "geheim")


def test_browsers_may_fetch_pictures_from_the_store_and_from_nowhere_else():
    assert origin_of("") == []
    assert origin_of(GIVEN["url"]) == ["https://bilder.renewz.example"]
    assert project.SECURE_CSP["img-src"] == ["'self'"]


def test_the_settings_take_the_store_from_the_environment():
    code = (
        "from renewz import settings as s; import sys; "
        "sys.exit(repr((s.SECURE_CSP['img-src'], s.ADMIN_CSP['img-src'], "
        "s.STORAGES['default']['OPTIONS']['bucket_name'])))"
    )
    said = start(
        code, RENEWZ_ENV="development",
        **{f"RENEWZ_MEDIA_S3_{name.upper()}": value for name, value in GIVEN.items()},
    )  # fmt: skip

    public = "[<CSP.SELF: \"'self'\">, 'https://bilder.renewz.example']"
    newsroom = "[<CSP.SELF: \"'self'\">, 'https://bilder.renewz.example', 'blob:', 'data:']"
    assert said == f"({public}, {newsroom}, 'bilder')"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"access_key": "", "secret_key": ""}, []),
        (NOTHING, []),
        ({"bucket": ""}, ["renewz.E007"]),
        ({"originals_bucket": ""}, ["renewz.E007"]),
        ({"url": ""}, ["renewz.E007"]),
        ({"secret_key": ""}, ["renewz.E008"]),
        ({"originals_bucket": "bilder"}, ["renewz.E009"]),
        ({"url": "bilder.renewz.example"}, ["renewz.E010"]),
        ({"url": "https://bilder.renewz.example/?x"}, ["renewz.E010"]),
    ],
)
def test_what_is_incomplete_is_named(settings, changes, codes):
    settings.MEDIA_S3 = GIVEN | changes

    assert [message.id for message in checks.pictures_have_a_store(None)] == codes


def test_missing_settings_are_named_as_they_are_written(settings):
    settings.MEDIA_S3 = NOTHING | {"endpoint": "https://s3.example"}

    [message] = checks.pictures_have_a_store(None)
    assert message.msg.endswith(
        "RENEWZ_MEDIA_S3_BUCKET, RENEWZ_MEDIA_S3_ORIGINALS_BUCKET, RENEWZ_MEDIA_S3_URL"
    )


def test_a_missing_package_is_named(settings, monkeypatch):
    settings.MEDIA_S3 = GIVEN
    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    assert [message.id for message in checks.pictures_have_a_store(None)] == ["renewz.E011"]


# --- A store -----------------------------------------------------------------------------------


class Store(BaseHTTPRequestHandler):
    """As much of S3 as keeps files: what was put, with its headers."""

    kept: dict[str, tuple[bytes, dict[str, str]]]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.kept[self.path.split("?")[0]] = (data, dict(self.headers.items()))
        self._answer(200)

    def do_HEAD(self) -> None:
        self._answer(200 if self.path.split("?")[0] in self.kept else 404)

    def do_GET(self) -> None:
        data, _ = self.kept.get(self.path.split("?")[0], (b"", {}))
        self._answer(200 if data else 404, data)

    def do_DELETE(self) -> None:
        self.kept.pop(self.path.split("?")[0], None)
        self._answer(204)

    def _answer(self, status: int, data: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def store() -> Iterator[dict[str, tuple[bytes, dict[str, str]]]]:
    """Put pictures into a store of our own on this machine."""
    Store.kept = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    given = GIVEN | {"endpoint": f"http://127.0.0.1:{server.server_port}"}
    with override_settings(STORAGES=project.STORAGES | media_storages(given, Path("/nirgends"))):
        yield Store.kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db
def test_sizes_and_originals_go_to_their_buckets(store, monkeypatch, django_capture_on_commit_callbacks):
    # Asked for once, when the model was made.
    monkeypatch.setattr(Image._meta.get_field("original"), "storage", storages["originals"])
    out = io.BytesIO()
    Pillow.new("RGB", (1600, 900), "#bb0a26").save(out, "PNG")
    out.seek(0)

    with django_capture_on_commit_callbacks(execute=True):
        image = uploads.store(out, title="Saal")

    assert image.rendered
    wanted = {name for size in renditions.all_rendered(image) for _, _, name in size.names()}
    public = {path: headers for path, (_, headers) in store.items() if path.startswith("/bilder/")}
    private = {path: headers for path, (_, headers) in store.items() if path.startswith("/originale/")}
    assert set(public) == {f"/bilder/{name}" for name in wanted}
    assert {headers["Cache-Control"] for headers in public.values()} == {FOR_EVER}
    assert {headers["Content-Type"] for headers in public.values()} == {
        "image/avif", "image/webp", "image/jpeg",
    }  # fmt: skip
    assert list(private) == [f"/originale/{image.original.name}"]
    assert [headers["Cache-Control"] for headers in private.values()] == ["private, no-store"]
    assert not any("x-amz-acl" in map(str.lower, headers) for _, headers in store.values())


@pytest.mark.django_db
def test_addresses_are_those_of_the_store_and_short(store):
    size = renditions.rendered(stories.image(), "wide")

    assert renditions.url(size, 800, "avif") == (f"https://bilder.renewz.example/pfad/{size.stem}-800.avif")


def test_an_original_is_only_to_be_had_with_a_signature(store):
    address = storages["originals"].url("2026/05/abc.bin")

    assert "X-Amz-Signature=" in address
    assert not default_storage.url("ab/cd-800.avif").count("?")
