"""Exit code 0 if the application in this container answers /healthz, or what is named as an argument."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

path = sys.argv[1] if len(sys.argv) > 1 else "/healthz"
# Asked under its public name, because the application answers to no other.
request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ['RENEWZ_BIND'].rpartition(':')[2]}{path}",
    headers={"Host": urlsplit(os.environ["RENEWZ_SITE_URL"]).netloc},
)
try:
    with urllib.request.urlopen(request, timeout=4) as response:  # noqa: S310  always http
        sys.exit(0 if response.status == 200 else 1)
except OSError as error:
    sys.exit(f"{path}: {error}")
