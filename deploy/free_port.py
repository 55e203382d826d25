"""Ends with a German sentence if a server cannot listen on the given port of 127.0.0.1."""

import errno
import socket
import sys


def refusal(port: str) -> str | None:
    """Say why nothing can listen there, or None if all is well."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT={port} ist keine Portnummer (1 bis 65535)."
    advice = f"Ein anderer geht mit dem Zusatz PORT={int(port) + 1}."
    with socket.socket() as probe:
        # As servers do: a connection that was closed a moment ago does not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Auf Port {port} läuft schon ein Programm. {advice}"
            return f"Port {port} lässt sich nicht öffnen ({error.strerror}). {advice}"
    return None


if __name__ == "__main__":
    sys.exit(refusal(sys.argv[1]))
