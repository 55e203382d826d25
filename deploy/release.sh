#!/bin/sh
# Once per release, before the new web processes start (service „migrate“ in docker-compose.yml).
set -eu

python deploy/add_static.py "$BUILT_STATIC" "$RENEWZ_DATA_DIR/static"
python manage.py migrate --noinput
python manage.py sync_roles
# What the search does not hold yet; costs nothing where nothing is missing.
python manage.py rebuild_search
