"""The servers of ``bench/``: nothing around them changes what is measured, and they come up or say why."""

import os
import sys
from pathlib import Path

import pytest

from bench import servers
from tests.deploy.running import free_port

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def no_static(monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]) -> None:
    monkeypatch.setattr(servers, "_data", lambda: tmp_path)


def test_neither_the_shell_nor_its_secrets_decide_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RENEWZ_ENV", "RENEWZ_PAGE_CACHE_MB", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "development")
    settings = servers.environment("sqlite:///x")
    assert settings["RENEWZ_ENV"] == "demo"
    assert len(settings["SECRET_KEY"]) > 50
    assert (settings["DATABASE_URL"], settings["REDIS_URL"]) == ("sqlite:///x", "")
    assert "RENEWZ_PAGE_CACHE_MB" not in settings


def test_a_server_that_does_not_come_up_is_an_error_with_what_it_said() -> None:
    command = [sys.executable, "-c", "print('Ich kann nicht.')"]
    with (
        pytest.raises(AssertionError, match="Ich kann nicht"),
        servers._running(command, free_port(), dict(os.environ)),
    ):
        pass


def test_a_server_at_work_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    used = iter([0.0, 0.2, 0.2, 0.4, 0.4, 0.41])
    monkeypatch.setattr(servers, "_IDLE_LOOK", 0)
    monkeypatch.setattr(servers, "processor_seconds", lambda pid: next(used))
    servers.wait_until_idle(1)
    assert list(used) == []
    monkeypatch.setattr(servers, "_IDLE_PATIENCE", 0)
    with pytest.raises(SystemExit, match="nicht zur Ruhe"):
        servers.wait_until_idle(1)


def test_the_memory_of_a_process_that_has_ended_is_none() -> None:
    assert servers.memory(2**22 + 1) == (0.0, 0.0)
    together, alone = servers.memory(os.getpid())
    assert 0 < alone <= together


def test_what_keeps_the_cores_awake_is_there_for_as_long_as_it_is_wanted() -> None:
    before = set(servers.children_of(os.getpid()))
    with pytest.raises(KeyboardInterrupt), servers.no_core_asleep():
        awake = set(servers.children_of(os.getpid())) - before
        raise KeyboardInterrupt
    assert len(awake) == len(os.sched_getaffinity(0))
    assert [pid for pid in awake if Path(f"/proc/{pid}").exists()] == []
