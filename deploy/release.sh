#!/bin/sh
# Once per release, before the new web processes start (service „migrate“ in docker-compose.yml).
set -eu

# Added to the volume, not swapped: pages that caches still hold name the files of the last release.
cp -R "$BUILT_STATIC/." "$RENEWZ_DATA_DIR/static/"
python manage.py migrate --noinput
python manage.py sync_roles
# What the search does not hold yet; costs nothing where nothing is missing.
python manage.py rebuild_search
