#!/usr/bin/env bash
# `make demo`: a whole newsroom with content on this machine, served as production serves it.
# A second start finds everything in place and takes seconds.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/.."
port=${PORT:-8000}
data=$PWD/var/demo
python=.venv/bin/python

"$python" deploy/free_port.py "$port"

mkdir -p "$data"
if [[ ! -s $data/secret-key ]]; then
    (umask 077 && "$python" -c 'import secrets; print(secrets.token_urlsafe(50))' >"$data/secret-key")
fi

# All of it said here, so that neither a .env file nor the shell can point the demo at real data.
export RENEWZ_ENV=demo RENEWZ_DATA_DIR=$data DATABASE_URL=sqlite:///$data/renewz.sqlite3
export SECRET_KEY && SECRET_KEY=$(<"$data/secret-key")
export RENEWZ_SITE_URL=http://127.0.0.1:$port RENEWZ_BIND=127.0.0.1:$port
export RENEWZ_ALLOWED_HOSTS='' RENEWZ_BEHIND_PROXY=false RENEWZ_SSL_REDIRECT=false RENEWZ_SERVE_MEDIA=true
export RENEWZ_FOUR_EYES=true RENEWZ_LOG_LEVEL=WARNING RENEWZ_TASKS=immediate

"$python" manage.py migrate --verbosity 0
"$python" manage.py sync_roles >/dev/null
"$python" manage.py load_demo
"$python" manage.py rebuild_search >/dev/null
"$python" manage.py fill_renditions >/dev/null
"$python" manage.py fill_share_cards >/dev/null

# Collecting compresses every file and takes seconds: only when a file or a package changed.
inputs=$(find static ./*/static requirements/production.txt renewz/storage.py -type f -exec cksum {} + | cksum)
if [[ ! -f $data/static/staticfiles.json || $inputs != "$(cat "$data/static-inputs" 2>/dev/null)" ]]; then
    "$python" manage.py collectstatic --noinput --clear --verbosity 0
    echo "$inputs" >"$data/static-inputs"
fi

# The ticker's rates, asked for once and by the server alone; without a network there is no ticker.
"$python" manage.py fetch_quotes >/dev/null 2>&1 &

printf '\n  RENEWZ läuft:  http://127.0.0.1:%s/\n  Redaktion:     http://127.0.0.1:%s/admin/\n  Beenden:       Strg-C\n\n' "$port" "$port"
exec .venv/bin/gunicorn --config deploy/gunicorn.conf.py renewz.wsgi
