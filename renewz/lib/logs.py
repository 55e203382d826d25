"""One event, one line: log records as JSON on stdout."""

import datetime as dt
import json
import logging
from contextvars import ContextVar

# The request that is answered in this context (delivery/journal.py); nginx's log calls it the same.
request_number: ContextVar[str] = ContextVar("request_number", default="")

# What every LogRecord has; everything else came in through ``extra=``.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "server_time"}


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object; ``extra=`` fields become keys of their own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without line breaks inside."""
        event: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if number := request_number.get():
            event["id"] = number
        event |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)
