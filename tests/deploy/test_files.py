"""What production is started with says what it should."""

import re
import tomllib
from typing import Any

import pytest
import yaml
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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
    given = {name for name in compose["services"]["nginx"]["environment"] if name.startswith("RENEWZ_NGINX_")}
    assert given == asked


def test_compose_holds_no_secret_and_refuses_to_start_without_them(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if re.search("SECRET|PASSWORD|TOKEN", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
            if name == "DATABASE_URL":
                assert re.search(r"://\w+:\$\{POSTGRES_PASSWORD:\?[^}]+\}@", value)


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
