"""The newsroom's rooms: list, writing page, actions, history, preview, start page."""

from articles.admin import article_list, structure  # noqa: F401  (registers)
