"""What production is started with says what it should."""

import ctypes
import datetime as dt
import ipaddress
import os
import re
import runpy
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy import render_nginx
from tests.deploy.running import ROOT

pytestmark = [pytest.mark.deploy, pytest.mark.once]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def names_read_by(path: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / path).read_text(encoding="utf-8")))


def test_every_variable_is_read_by_somebody(compose: dict[str, Any]) -> None:
    known = names_read_by("renewz/settings.py", r'env\.\w+\(\s*"(\w+)"')
    known |= names_read_by("deploy/gunicorn.conf.py", r'environ\.get\("(\w+)"')
    known |= {f"RENEWZ_OPERATOR_{name.upper()}" for name in settings.OPERATOR}
    for name in ("web", "migrate"):
        assert compose["services"][name]["environment"].keys() <= known
    explained = names_read_by(".env.example", r"(?m)^#?([A-Z_]+)=")
    assert explained <= known | names_read_by("docker-compose.yml", r"\$\{(\w+)")


def test_compose_gives_nginx_exactly_the_variables_of_its_template(compose: dict[str, Any]) -> None:
    asked = {
        name
        for path in ("nginx.conf", "nginx-tls-on.conf", "nginx-tls-off.conf")
        for name in names_read_by(f"deploy/{path}.template", r"\$\{(RENEWZ_NGINX_[A-Z_]+)\}")
    }
    script = "deploy/nginx-trusted.envsh"
    asked -= names_read_by(script, r"(?m)^(RENEWZ_NGINX_[A-Z_]+)=")
    asked |= names_read_by(script, r"(?m)^#   (RENEWZ_NGINX_[A-Z_]+) ")
    given = {name for name in compose["services"]["nginx"]["environment"] if name.startswith("RENEWZ_NGINX_")}
    assert given == asked | {"RENEWZ_NGINX_TLS"}


@pytest.mark.parametrize(
    ("environment", "networks"),
    [
        ({"TRUSTED": "10.0.0.4  2001:db8::/32 "}, ["10.0.0.4", "2001:db8::/32"]),
        ({"TRUSTED": "10.0.0.4", "TLS": "on"}, ["10.0.0.4"]),
        ({"TRUSTED": ""}, ["172.31.250.1"]),
        # Readers come by the gateway too, where no proxy does.
        ({"TRUSTED": "", "TLS": "on"}, []),
    ],
)
def test_the_container_trusts_whom_an_nginx_without_one_would(
    environment: dict[str, str], networks: list[str]
) -> None:
    given = {"TLS": "off", "GATEWAY": "172.31.250.1"} | environment
    script = '. deploy/nginx-trusted.envsh; printf "%s|%s" "$RENEWZ_NGINX_REAL_IP" "$RENEWZ_NGINX_PROXIES"'
    said = subprocess.check_output(  # noqa: S603
        ["sh", "-euc", script],  # noqa: S607  our own, in whatever shell there is
        env={"PATH": os.environ["PATH"]} | {f"RENEWZ_NGINX_{name}": value for name, value in given.items()},
        cwd=ROOT, text=True,
    )  # fmt: skip
    expected = render_nginx.trusted(networks)
    assert said == f"{expected['real_ip']}|{expected['proxies']}"


def test_the_image_runs_the_script_that_says_whom_to_trust(compose: dict[str, Any]) -> None:
    script = "./deploy/nginx-trusted.envsh"
    # Executable, or the image passes it over; and before 20-envsubst-on-templates.sh.
    assert os.access(ROOT / script, os.X_OK)
    assert f"{script}:/docker-entrypoint.d/15-trusted.envsh:ro" in compose["services"]["nginx"]["volumes"]


def filled(value: str, **environment: str) -> str:
    """Return a value as Compose reads it."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: environment.get(found[1]) or found[2], value)


@pytest.mark.parametrize("environment", [{}, {"RENEWZ_NETWORK": "10.9.8"}])
def test_nginx_finds_the_application_whenever_it_is_made_anew(
    compose: dict[str, Any], environment: dict[str, str]
) -> None:
    """By an address that nobody else can get, so that no release and no restore stops nginx."""
    services = compose["services"]
    web = filled(services["web"]["networks"]["default"]["ipv4_address"], **environment)
    nginx = services["nginx"]["environment"]
    (plan,) = compose["networks"]["default"]["ipam"]["config"]
    network, others = (
        ipaddress.ip_network(filled(plan[name], **environment)) for name in ("subnet", "ip_range")
    )

    assert filled(nginx["RENEWZ_NGINX_UPSTREAM"], **environment) == f"{web}:8000"
    assert ipaddress.ip_address(web) in network
    assert ipaddress.ip_address(web) not in others
    assert others.subnet_of(network)
    assert filled(nginx["RENEWZ_NGINX_GATEWAY"], **environment) == filled(plan["gateway"], **environment)
    assert ipaddress.ip_address(filled(plan["gateway"], **environment)) not in others
    assert "depends_on" not in services["nginx"]
    assert [name for name, service in services.items() if "networks" in service] == ["web"]


def test_everything_that_the_application_writes_is_a_mount_of_its_own(compose: dict[str, Any]) -> None:
    """``/data`` itself is read-only with everything else."""
    for name in ("web", "worker", "migrate"):
        service = compose["services"][name]
        assert service["read_only"] is True, name
        assert service["tmpfs"] == ["/tmp"], name  # noqa: S108  the place itself is meant
        written = [volume.rpartition(":")[2] for volume in service["volumes"]]
        assert written == ["/data/static", "/data/media", "/data/originals", "/data/backups"], name


def test_uploads_do_not_take_the_room_of_kept_pages(compose: dict[str, Any]) -> None:
    nginx = compose["services"]["nginx"]
    rooms = dict(mount.split(":size=") for mount in nginx["tmpfs"])
    run = nginx["environment"]["RENEWZ_NGINX_RUN"]
    template = (ROOT / "deploy/nginx.conf.template").read_text(encoding="utf-8")

    assert rooms.keys() == {run, f"{run}/body"}
    assert "client_body_temp_path ${RENEWZ_NGINX_RUN}/body;" in template
    kept = int(nginx["environment"]["RENEWZ_NGINX_PAGES"].removesuffix("m"))
    assert int(rooms[run].removesuffix("m")) >= 2 * kept


def test_the_links_of_certbot_lead_somewhere_in_the_container(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    nginx = compose["services"]["nginx"]
    given = {"RENEWZ_TLS_FILES": str(tmp_path), "RENEWZ_TLS_CERTIFICATE": "live/renewz.de"}
    live = tmp_path / "live/renewz.de"
    for folder in (live, tmp_path / "archive/renewz.de"):
        folder.mkdir(parents=True)
    (tmp_path / "archive/renewz.de/fullchain1.pem").write_text("x", encoding="utf-8")
    (live / "fullchain.pem").symlink_to("../../archive/renewz.de/fullchain1.pem")
    (mounted,) = [filled(volume, **given) for volume in nginx["volumes"] if "TLS_FILES" in volume]
    asked = filled(nginx["environment"]["RENEWZ_NGINX_TLS_FILES"], **given)

    assert mounted == f"{tmp_path}:/tls:ro"
    # As in a container that has nothing but the mount.
    found = Path(asked.replace("/tls", str(tmp_path), 1), "fullchain.pem").resolve()
    assert found.is_relative_to(tmp_path) and found.is_file()


def test_compose_holds_no_secret_and_refuses_to_start_without_them(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if re.search("SECRET|PASSWORD|TOKEN", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
            if name == "DATABASE_URL":
                assert re.search(r"://\w+:\$\{POSTGRES_PASSWORD:\?[^}]+\}@", value)


def test_every_build_has_the_packages_that_were_asked_for_once(compose: dict[str, Any]) -> None:
    """Said on the command line, the next build would forget them."""
    for name in ("web", "worker", "migrate"):
        assert compose["services"][name]["build"]["args"] == {
            "REQUIREMENTS": "${RENEWZ_REQUIREMENTS:-production}"
        }
    assert "COPY requirements/${REQUIREMENTS}.txt" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_service_that_stays_up_has_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if service["restart"] == "no":
            assert service["healthcheck"] == {"disable": True}, name
        else:
            assert service["healthcheck"]["test"], name


def test_only_nginx_is_reachable_and_it_cannot_see_the_originals(compose: dict[str, Any]) -> None:
    published = [name for name, service in compose["services"].items() if "ports" in service]
    assert published == ["nginx"]
    assert not any("originals" in volume for volume in compose["services"]["nginx"]["volumes"])


def test_the_example_explains_every_value_that_compose_asks_for() -> None:
    asked = names_read_by("docker-compose.yml", r"\$\{(\w+)")
    assert asked <= names_read_by(".env.example", r"(?m)^#?([A-Z_]+)=")


@pytest.mark.parametrize(("lock", "groups"), [("production", []), ("development", ["test", "lint"])])
def test_the_lock_fits_pyproject(lock: str, groups: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    for group in groups:
        wanted += project["dependency-groups"][group]
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ]+)", text))
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name), "")
        assert version and version in requirement.specifier, f"{requirement}: bitte „make lock“"
    assert "://" not in text


def test_gunicorn_puts_no_line_together_for_each_request() -> None:
    """With a configuration of logs, as ours, its own logger does so even where nobody asked for a log."""
    logger_class = runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))["logger_class"]
    logger = object.__new__(logger_class)
    logger.cfg = SimpleNamespace(
        accesslog=None, logconfig=None, logconfig_dict={"version": 1}, logconfig_json=None, syslog=False
    )
    logger.atoms = Mock(return_value={})
    logger.access(Mock(), Mock(), {}, dt.timedelta(milliseconds=1))

    assert logger.access_log_enabled  # by gunicorn's own rules there would be a line
    assert logger.atoms.mock_calls == []


@pytest.mark.parametrize("library", [Mock(spec=["mallopt"]), Mock(spec=[])], ids=["glibc", "elsewhere"])
def test_the_threads_of_a_worker_share_a_heap_where_there_is_a_choice(
    library: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    post_fork = runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))["post_fork"]
    post_fork(Mock(turns=bytes(16)), Mock())

    asked = [each[1] for each in library.method_calls]
    assert asked == ([(-8, 1)] if hasattr(library, "mallopt") else [])
