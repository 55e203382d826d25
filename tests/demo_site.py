"""A demo site of its own for `make shots` and `make audit`: filled, started, ended.

Its data lie in test-results/demo, so neither the demo of `make demo` nor any real data is touched,
and a second run finds the pictures drawn. Kinds of pages are found by looking, not by name.
"""

# ruff: noqa: S603, T201  fixed commands without a shell; this module talks to a person

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
DATA = RESULTS / "demo"
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """Where it answers, and how."""

    url: str
    by: str

    def status(self, path: str) -> int:
        """Return what the site answers to a path."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310  our own
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def page(self, path: str) -> bytes:
        """Return the bytes of a page, whatever its status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310  our own
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return error.read()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def _started(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(f"{command[0]} startet nicht:\n{log.read_text(errors='replace')}")
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=40)
        process.kill()


@contextlib.contextmanager
def running() -> Iterator[Site]:
    """Fill the demo if need be and serve it as production does: hashed files, gunicorn, nginx if there.

    Django is set up in this process too, with the same settings.
    """
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    inner = _free_port()
    port = _free_port() if nginx else inner
    DATA.mkdir(parents=True, exist_ok=True)
    # Said here, as deploy/demo.sh does, so that neither a .env file nor the shell points elsewhere.
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "renewz.settings",
            "RENEWZ_ENV": "demo",
            "RENEWZ_DATA_DIR": str(DATA),
            "DATABASE_URL": f"sqlite:///{DATA}/renewz.sqlite3",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "RENEWZ_SITE_URL": f"http://127.0.0.1:{port}",
            "RENEWZ_BIND": f"127.0.0.1:{inner}",
            "RENEWZ_ALLOWED_HOSTS": "",
            "RENEWZ_BEHIND_PROXY": "true" if nginx else "false",
            "RENEWZ_SSL_REDIRECT": "false",
            "RENEWZ_SERVE_MEDIA": "false" if nginx else "true",
            "RENEWZ_FOUR_EYES": "true",
            "RENEWZ_TASKS": "immediate",
            "RENEWZ_LOG_LEVEL": "WARNING",
        }
    )
    print("Richte die Demo ein …", flush=True)
    for step in (["migrate", "--verbosity", "0"], ["sync_roles"], ["load_demo"]):
        _run(sys.executable, "manage.py", *step)
    _run(sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    _set_up_django()
    _fill_the_ticker()

    with contextlib.ExitStack() as stack:
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
        stack.enter_context(_started(gunicorn, inner, RESULTS / "gunicorn.log"))
        if nginx:
            for folder in (RESULTS, DATA, DATA / "static", DATA / "media"):
                folder.chmod(0o755)  # nginx's workers are „nobody“ under root
            run = stack.enter_context(_folder(RESULTS / "nginx"))
            render = [sys.executable, "deploy/render_nginx.py", "--listen", f"127.0.0.1:{port}",
                      "--upstream", f"127.0.0.1:{inner}", "--data", str(DATA), "--run", str(run)]  # fmt: skip
            configuration = run / "nginx.conf"
            configuration.write_bytes(subprocess.check_output(render, cwd=ROOT))
            command = [nginx, "-c", str(configuration), "-g", "daemon off;"]
            stack.enter_context(_started(command, port, RESULTS / "nginx.log"))
        yield Site(f"http://127.0.0.1:{port}", "gunicorn hinter nginx" if nginx else "gunicorn allein")


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[Path]:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def _set_up_django() -> None:
    import django  # noqa: PLC0415  reads the environment above

    django.setup()


def _fill_the_ticker() -> None:
    """Put three rates into the ticker: nobody outside is asked."""
    from django.utils import timezone  # noqa: PLC0415  Django is set up by now

    from markets.models import Quote  # noqa: PLC0415

    for symbol, rate, change in (
        ("BTC", "81234.50", "1.84"),
        ("ETH", "2645.10", "-0.72"),
        ("LTC", "78.42", "0"),
    ):
        values = {"rate": rate, "change": change, "as_of": timezone.now(), "source": "Beispielkurse"}
        Quote.objects.update_or_create(symbol=symbol, defaults=values)


def pages(site: Site) -> dict[str, str]:
    """Return one address of every kind of public page that the site has."""
    from django.db.models import Count  # noqa: PLC0415  Django is set up by now
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Edition, Tag  # noqa: PLC0415
    from authors.models import Author  # noqa: PLC0415

    at = timezone.now()
    live = list(Edition.objects.live(at).newest_first().select_related("section", "lead_image"))
    section = live[0].section
    in_section = [edition for edition in live if edition.section == section]
    authors = Author.objects.filter(edition_bylines__edition__in=live).distinct()
    gone = Edition.objects.begun(at).exclude(article__in=[edition.article_id for edition in live]).first()
    tag = (
        Tag.objects.filter(edition_rows__content_object__in=live)
        .annotate(n=Count("pk"))
        .order_by("-n")
        .first()
    )

    def first(**wanted: object) -> str:
        found = (e for e in live if all(getattr(e, name) == value for name, value in wanted.items()))
        return next((edition.get_absolute_url() for edition in found), "")

    def address(row: Any) -> str:
        return row.get_absolute_url() if row else ""

    addresses = {
        "startseite": "/",
        "ressort": address(section),
        "ressort-seite-2": f"{address(section)}?vor={in_section[0].article_id}",
        "thema": address(tag),
        "autor": address(authors.exclude(portrait=None).first()),
        "agentur": address(authors.filter(is_agency=True).first()),
        "artikel": address(max(live, key=lambda e: ("<table" in e.body) + ("data-facts" in e.body))),
        "artikel-kurz": address(min(live, key=lambda e: len(e.body))),
        "artikel-lang": address(max(live, key=lambda e: len(e.body))),
        "artikel-ueberschrift": address(max(live, key=lambda e: len(e.headline))),
        "artikel-meinung": first(genre="opinion"),
        "artikel-interview": first(genre="interview"),
        "artikel-korrektur": first(kind="correction"),
        "artikel-aktualisiert": first(kind="update"),
        "artikel-ki": first(ai_use="assisted"),
        "artikel-ohne-bild": first(lead_image=None),
        "korrekturen": "/korrekturen/",
        "suche": "/suche/",
        "suche-treffer": "/suche/?q=Haushalt",
        "suche-leer": "/suche/?q=Quappenzwirn",
        "impressum": "/impressum/",
        "datenschutz": "/datenschutz/",
        "barrierefreiheit": "/barrierefreiheit/",
        "stil": "/stil/",
    }
    there = {kind: path for kind, path in addresses.items() if path and site.status(path) == 200}
    there["404"] = "/gibt-es-nicht/"
    if gone:
        there["410"] = f"/artikel/{gone.article_id}/"
    return there
