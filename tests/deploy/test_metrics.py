"""What Prometheus reads: the sum of all processes, on a port that no reader reaches."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.running import Running, free_port, started, wait_until_healthy

pytestmark = [pytest.mark.deploy, pytest.mark.once]


def figures(site: Running) -> dict[str, float]:
    answer = site.ask("/metrics", Host="anything")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = re.findall(r"(?m)^(renewz_\S+) (\S+)$", answer.body)
    return {name: float(value) for name, value in lines}


def test_processes_add_up_and_readers_see_nothing(
    application: Running, nginx: Callable[..., Running], folder: Path
) -> None:
    port, other = free_port(), free_port()
    environment = dict(application.environment) | {
        "RENEWZ_BIND": f"127.0.0.1:{port}",
        "RENEWZ_METRICS_BIND": f"127.0.0.1:{other}",
    }
    gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
    with started(gunicorn, port, environment, folder / "metrics.log"):
        wait_until_healthy(environment)
        alone, counted = Running(port, application.data), Running(other, application.data)
        for _ in range(40):
            assert alone.over_tls("/impressum/").status == 200
        assert alone.over_tls("/nichts-davon/").status == 404
        assert "renewz_" not in alone.over_tls("/metrics").body
        found = figures(counted)

        page = 'renewz_requests_total{kind="page",source="%s",status="200"}'
        assert found[page % "memory"] + found[page % "rendered"] == 40
        assert 1 <= found[page % "rendered"] <= 4  # each of two processes, and a change of state
        assert found['renewz_requests_total{kind="page",source="rendered",status="404"}'] == 1
        assert found['renewz_rendering_seconds_count{kind="page"}'] == found[page % "rendered"] + 1
        state = {
            name: found[name] for name in ("renewz_database_up", "renewz_orders_due", "renewz_orders_failed")
        }
        assert state == {"renewz_database_up": 1, "renewz_orders_due": 0, "renewz_orders_failed": 0}
        site = nginx(port)
        assert [site.over_tls(path).status for path in ("/metrics", "/readyz", "/healthz")] == [404] * 3
