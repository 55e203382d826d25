"""The application and nginx, started as production starts them."""

# ruff: noqa: S603

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.running import (
    PUBLIC_HOST,
    ROOT,
    Running,
    built_static,
    empty_database,
    free_port,
    run,
    started,
    wait_until_healthy,
)
from tests.deploy.upstream import Upstream


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that nginx's workers, who are „nobody“ under root, can read too."""
    with tempfile.TemporaryDirectory(prefix="renewz-deploy-") as name:
        path = Path(name)
        path.chmod(0o755)
        for part in ("data/static", "data/media", "data/originals"):
            (path / part).mkdir(parents=True)
        yield path


@pytest.fixture(scope="session")
def application(folder: Path) -> Iterator[Running]:
    """Gunicorn with production's settings after production's release steps."""
    port, data = free_port(), folder / "data"
    with empty_database(data) as database:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "RENEWZ_ENV": "production",
            "RENEWZ_DATA_DIR": str(data),
            "RENEWZ_SITE_URL": f"https://{PUBLIC_HOST}",
            "RENEWZ_ALLOWED_HOSTS": "",
            "RENEWZ_BEHIND_PROXY": "true",
            "RENEWZ_BIND": f"127.0.0.1:{port}",
            "DATABASE_URL": database,
            "SECRET_KEY": secrets.token_urlsafe(50),
        }
        # As the service „migrate“ does.
        run(["deploy/release.sh"], environment | {"BUILT_STATIC": str(built_static())})
        gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
        with started(gunicorn, port, environment, folder / "gunicorn.log"):
            wait_until_healthy(environment)
            yield Running(port, data, environment)


@pytest.fixture
def nginx(folder: Path) -> Iterator[Callable[..., Running]]:
    """Start nginx with the real configuration in front of any port."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("nginx ist auf diesem Rechner nicht installiert")
    with contextlib.ExitStack() as stack:

        def start(upstream: int, trusted: str = "127.0.0.1", **more: str) -> Running:
            port = free_port()
            run = Path(tempfile.mkdtemp(prefix="run-", dir=folder))  # no other's kept pages
            run.chmod(0o755)
            values = {
                "listen": f"127.0.0.1:{port}",
                "upstream": f"127.0.0.1:{upstream}",
                "data": str(folder / "data"),
                "run": str(run),
                "trusted": trusted,
            } | {name.replace("_", "-"): value for name, value in more.items()}
            options = [part for name, value in values.items() for part in (f"--{name}", value)]
            render = [sys.executable, "deploy/render_nginx.py", *options]
            configuration = run.with_suffix(".conf")
            configuration.write_bytes(subprocess.check_output(render, cwd=ROOT))
            command = [program, "-c", str(configuration), "-g", "daemon off;"]
            stack.enter_context(started(command, port, dict(os.environ), folder / "nginx.log"))
            return Running(port, folder / "data", run=run)

        yield start


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    one = Upstream()
    thread = threading.Thread(target=one.server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


@pytest.fixture
def kept(upstream: Upstream, nginx: Callable[..., Running]) -> Running:
    return nginx(upstream.port)
