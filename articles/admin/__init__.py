"""The newsroom's rooms: list, writing page, actions, preview."""

from articles.admin import structure  # noqa: F401  (registers)
