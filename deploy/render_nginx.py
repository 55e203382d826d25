#!/usr/bin/env python3
"""Prints nginx.conf.template with its variables filled in, for an nginx without containers.

deploy/render_nginx.py --listen 8080 --upstream 127.0.0.1:8000 --data /srv/renewz > nginx.conf
nginx -c "$PWD/nginx.conf"

With --emergency FOLDER it prints emergency.conf.template: an nginx that hands out an emergency edition.
"""

import argparse
import re
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent


def render(values: dict[str, str]) -> str:
    """Fill in ${RENEWZ_NGINX_…} and nothing else; a variable without a value is an error."""
    name = "emergency.conf.template" if values.get("emergency") else "nginx.conf.template"
    template = (DEPLOY / name).read_text(encoding="utf-8")
    # One file instead of two: what is included in the container stands here itself.
    part = (DEPLOY / f"nginx-tls-{values['tls']}.conf.template").read_text(encoding="utf-8")
    template = template.replace("include nginx-tls-${RENEWZ_NGINX_TLS}.conf;", part)
    # The dots stand for the names in the template's own explanation.
    return re.sub(r"\$\{RENEWZ_NGINX_([A-Z_]+)\}", lambda found: values[found[1].lower()], template)


def trusted(networks: list[str]) -> dict[str, str]:
    """Say in nginx's words whose X-Forwarded-* is believed, as nginx-trusted.envsh does in the container."""
    return {
        "real_ip": "".join(f"set_real_ip_from {network}; " for network in networks),
        "proxies": "".join(f"{network} 1; " for network in networks),
    }


def main() -> None:
    """Read the options and print the configuration."""
    options = argparse.ArgumentParser(description="Gibt eine fertige nginx.conf aus.")
    options.add_argument("--listen", default="8080", help="Port oder Adresse:Port")
    options.add_argument("--upstream", default="127.0.0.1:8000", help="wo gunicorn lauscht")
    options.add_argument("--data", default="/var/lib/renewz", help="Ordner mit static/ und media/")
    options.add_argument("--errors", default=str(DEPLOY / "errors"), help="Ordner mit den Fehlerseiten")
    options.add_argument("--run", default="/tmp", help="Ordner, in den nginx schreiben darf")  # noqa: S108
    options.add_argument("--pages", default="256m", help="wie viel davon behaltene Seiten einnehmen")
    options.add_argument("--log", default="/dev/stdout", help="wohin die Zeilen über Anfragen gehen")
    options.add_argument(
        "--trusted",
        help="Adressen und Netze der Proxys davor, durch Leerzeichen getrennt; "
        "ohne Angabe 127.0.0.1, mit --tls-files niemand",
    )
    options.add_argument("--tls-files", help="Ordner mit fullchain.pem und privkey.pem, für TLS")
    options.add_argument("--tls-listen", default="8443", help="Port oder Adresse:Port für https")
    options.add_argument("--emergency", default="", help="Ordner einer Notausgabe statt der Anwendung")
    values = vars(options.parse_args())
    tls = "on" if values["tls_files"] else "off"
    proxies = values["trusted"] or {"on": "", "off": "127.0.0.1"}[tls]
    sys.stdout.write(render(values | {"tls": tls} | trusted(proxies.split())))


if __name__ == "__main__":
    main()
