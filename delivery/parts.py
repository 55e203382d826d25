"""Parts that many pages share are made once for each state of the site: menu, rates, breaking news.

A process keeps those of one state, and lets them go with it: nothing has to be purged, and what
is kept can no more be stale than the page around it, which is kept for the same state.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.http import HttpRequest

from delivery.state import State

_kept: tuple[State | None, dict[Hashable, Any]] = (None, {})


def kept[T](request: HttpRequest, name: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` returns: called once for the state that a public page is rendered for.

    ``make`` may use the moment of the request and public content. What else it uses of the
    request stands in ``name``, and nobody changes what it returns. Where ``delivery.pages`` asks
    for no state, as for a request with a session, it is made anew.
    """
    state: State | None = getattr(request, "site_state", None)
    if state is None:
        return make()
    parts = _parts_of(state)
    if name not in parts:
        parts[name] = make()
    found: T = parts[name]
    return found


def forget() -> None:
    """Forget all parts; for tests, which take changes back without a new state."""
    _parts_of(None)


def _parts_of(state: State | None) -> dict[Hashable, Any]:
    global _kept  # noqa: PLW0603  one tuple, so that no thread sees the parts of another state
    known = _kept
    if known[0] != state:
        known = _kept = (state, {})
    return known[1]
