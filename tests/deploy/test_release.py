"""What a new release needs: its files beside the old ones, and code that loads."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import add_static
from tests.deploy.running import ROOT, Running, free_port, started

pytestmark = [pytest.mark.deploy, pytest.mark.once]

GUNICORN = ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
SAYS_HOW_LONG = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(len(environ["QUERY_STRING"])).encode()]
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "says_how_long.py").write_text(SAYS_HOW_LONG, encoding="utf-8")
    (tmp_path / "does_not_load.py").write_text("import nothing_of_that_name", encoding="utf-8")
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(tmp_path),
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture
def gunicorn(environment: dict[str, str], tmp_path: Path) -> Iterator[Running]:
    port = free_port()
    environment["RENEWZ_BIND"] = f"127.0.0.1:{port}"
    with started([*GUNICORN, "says_how_long"], port, environment, tmp_path / "gunicorn.log"):
        yield Running(port, tmp_path)


def test_gunicorn_reads_the_longest_address_that_nginx_lets_through(gunicorn: Running) -> None:
    """8 kB with its method and version; nginx itself refuses what is longer."""
    query = "q=" + "x" * (8192 - len("GET /suche/?q= HTTP/1.1\r\n"))
    answer = gunicorn.ask(f"/suche/?{query}")

    assert (answer.status, answer.body) == (200, str(len(query)))


@pytest.mark.parametrize(("module", "code"), [("says_how_long", 0), ("does_not_load", 1)])
def test_whether_new_code_loads_can_be_asked_before_it_is_started(
    environment: dict[str, str], module: str, code: int
) -> None:
    program = shutil.which("gunicorn", path=environment["PATH"])
    assert program
    done = subprocess.run(  # noqa: S603  our own words
        [program, "--check-config", *GUNICORN[1:], module],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == code, done.stderr


def test_the_files_of_a_release_come_beside_those_that_are_read(tmp_path: Path) -> None:
    built, served = tmp_path / "built", tmp_path / "served"
    new = {"css/site.1.css": "same", "css/site.css": "new", "site.2.js": "new", "staticfiles.json": "new"}
    old = {"css/site.1.css": "same", "css/site.css": "older", "old.js": "old", ".site.2.js.part": "half"}
    for folder, files in ((built, new), (served, old)):
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    untouched = (served / "css/site.1.css").stat()
    with (served / "css/site.css").open(encoding="utf-8") as being_read:
        add_static.add(built, served)
        assert being_read.read() == "older"

    names = sorted(path for path in served.rglob("*") if path.is_file())
    assert {str(path.relative_to(served)): path.read_text(encoding="utf-8") for path in names} == {
        "css/site.1.css": "same", "css/site.css": "new", "old.js": "old", "site.2.js": "new",
        "staticfiles.json": "new",
    }  # fmt: skip
    after = (served / "css/site.1.css").stat()
    assert (after.st_ino, after.st_mtime_ns) == (untouched.st_ino, untouched.st_mtime_ns)


def test_the_names_of_files_are_known_when_the_files_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, served = tmp_path / "built", tmp_path / "served"
    built.mkdir()
    for name in ("a.css", "staticfiles.json", "z.js"):
        (built / name).write_text(name, encoding="utf-8")
    came: list[str] = []
    copy = shutil.copy
    monkeypatch.setattr(
        shutil, "copy", lambda source, target: (came.append(source.name), copy(source, target))
    )
    add_static.add(built, served)

    assert came == ["a.css", "z.js", "staticfiles.json"]
