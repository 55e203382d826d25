#!/usr/bin/env bash
# Django's deployment checks with an environment like production's. No warning is accepted.
set -euo pipefail
cd "$(dirname "$0")/.."

export RENEWZ_ENV=production RENEWZ_DATA_DIR=$PWD/var/lint DATABASE_URL=sqlite:///$PWD/var/lint/renewz.sqlite3
export RENEWZ_SITE_URL=https://renewz.example RENEWZ_ALLOWED_HOSTS='' RENEWZ_BEHIND_PROXY=true
export RENEWZ_SSL_REDIRECT=true RENEWZ_SERVE_MEDIA=false RENEWZ_FOUR_EYES=true RENEWZ_LOG_LEVEL=INFO RENEWZ_TASKS=worker
export SECRET_KEY && SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')
for detail in NAME ADDRESS REPRESENTATIVE EMAIL PHONE RESPONSIBLE; do
    export "RENEWZ_OPERATOR_$detail=Beispiel"
done
mkdir -p var/lint
.venv/bin/python manage.py check --deploy --fail-level WARNING
