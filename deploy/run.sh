#!/usr/bin/env bash
# `make run`: Django's development server, which reloads changed code. Settings may come from .env.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-8000}

.venv/bin/python deploy/free_port.py "$port"
mkdir -p var
export RENEWZ_ENV=development RENEWZ_SITE_URL=http://127.0.0.1:$port
.venv/bin/python manage.py migrate --verbosity 0
exec .venv/bin/python manage.py runserver "127.0.0.1:$port"
