"""Queries whose SQL is written once. Django builds and compiles a query anew each time it is asked,
which takes longer than the database needs to answer.

    newest = Prepared(lambda at, section: Edition.objects.live(at).filter(section=section)[:20])
    newest(at=request.at, section=7)

The query is an ordinary one and stays the only place that says what is asked for. It is compiled
with stand-ins for its values; a call puts the values in their places. For what readers ask for
most; elsewhere an ordinary query is simpler.
"""

import copy
import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import QuerySet

Value = dt.datetime | int | Sequence[int]
# Stand-ins that no query has of its own.
_NUMBER = 7_310_000_000_000
_MOMENT = dt.datetime(1871, 3, 14, 15, 9, 26, tzinfo=dt.UTC)


class _Place(NamedTuple):
    """Where a value stands among the parameters; ``element`` is its place in a list."""

    position: int
    name: str
    element: int | None


class _Written(NamedTuple):
    compiler: Any
    sql: str
    params: list[Any]
    places: list[_Place]
    converters: Any  # of what the driver gives into what the fields hold


class _Query:
    """Stands in for a query where Django asks it for its compiler; the query itself says the rest."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *args: object, **kwargs: object) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


class Prepared[Row]:
    """A query of named values: moments, numbers, and lists of numbers.

    What ``build`` makes must not depend on the values but for the lengths of lists, and it must
    not prefetch.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        # By the length of each value that is a list, and by database.
        self._querysets: dict[tuple[int, ...], QuerySet[Any]] = {}
        self._written: dict[tuple[str, tuple[int, ...]], _Written] = {}

    def __call__(self, **values: Value) -> list[Row]:
        """Return the rows for these values; always the same names, in the same order."""
        lengths = tuple(len(value) for value in values.values() if isinstance(value, Sequence))
        if 0 in lengths:
            return []
        if lengths not in self._querysets:
            self._querysets[lengths] = self._build(**_stand_ins(values))
        queryset: Any = self._querysets[lengths]
        using = queryset.db
        connection = connections[using]
        if (using, lengths) not in self._written:
            self._written[using, lengths] = _write(queryset, connection, values)
        written = self._written[using, lengths]
        # What Django's iterables ask of a queryset.
        asked = SimpleNamespace(
            db=using,
            query=_Query(queryset.query, _compiler(written, connection, values)),
            model=queryset.model,
            _fields=queryset._fields,
            _fetch_mode=queryset._fetch_mode,
            _known_related_objects={},
        )
        return list(queryset._iterable_class(asked))

    def first(self, **values: Value) -> Row | None:
        """Return the first row, if there is one."""
        return next(iter(self(**values)), None)


def _stand_ins(values: dict[str, Value]) -> dict[str, Any]:
    """Return values of the same kinds that no query has of its own, each another."""
    numbers = itertools.count(_NUMBER)
    moments = (_MOMENT + dt.timedelta(seconds=number) for number in itertools.count())
    return {
        name: [next(numbers) for _ in value]
        if isinstance(value, Sequence)
        else next(moments)
        if isinstance(value, dt.datetime)
        else next(numbers)
        for name, value in values.items()
    }


def _write(queryset: QuerySet[Any], connection: Any, values: dict[str, Value]) -> _Written:
    """Compile a query and find where its stand-ins went. Raises ValueError for one that is nowhere."""
    if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise ValueError(f"A prepared query cannot prefetch: {queryset.query}")
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    places = []
    for name, stand_in in _stand_ins(values).items():
        elements = enumerate(stand_in) if isinstance(stand_in, list) else [(None, stand_in)]
        for element, one in elements:
            found = [place for place, param in enumerate(params) if param == _adapted(connection, one)]
            if not found:
                raise ValueError(f"{name} does not stand in the query as it is: {sql}")
            places += [_Place(place, name, element) for place in found]
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    return _Written(compiler, sql, list(params), places, converters)


def _compiler(written: _Written, connection: Any, values: dict[str, Any]) -> Any:
    """Return a compiler for one call that has its SQL already."""
    params = written.params.copy()
    for position, name, element in written.places:
        value = values[name] if element is None else values[name][element]
        params[position] = _adapted(connection, value)
    compiler = copy.copy(written.compiler)
    compiler.connection = connection
    compiler.as_sql = lambda *args, **kwargs: (written.sql, tuple(params))
    compiler.get_converters = lambda columns: written.converters
    return compiler


def _adapted(connection: Any, value: Any) -> Any:
    """Return a value as the database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value
