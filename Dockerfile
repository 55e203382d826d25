# syntax=docker/dockerfile:1

# --- Packages: in a stage of their own, so that pip's leavings stay behind --------------------
FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
# „s3“ where pictures lie in S3.
ARG REQUIREMENTS=production
COPY requirements/${REQUIREMENTS}.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r /tmp/requirements.txt

# --- The database's own programs for backups: one older than the server refuses to work ---------
FROM postgres:18-trixie AS database

# --- What runs ---------------------------------------------------------------------------------
FROM python:3.13-slim-trixie
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BUILT_STATIC=/opt/built/static \
    RENEWZ_DATA_DIR=/data \
    RENEWZ_BIND=0.0.0.0:8000

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq5 liblz4-1 libzstd1 libreadline8t64 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=database /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/psql /usr/local/bin/
COPY --from=database /usr/lib/*-linux-gnu/libpq.so.5* /usr/local/lib/
# Do they find their libraries? Said now, not in the hour of need.
RUN ldconfig && pg_dump --version && psql --version

# The volumes inherit their owner from these folders.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent renewz \
    && install -d -o renewz -g renewz /data /data/static /data/media /data/originals /data/backups

COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .

# Neither database nor secrets are needed for this; the key lives for this one command.
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    RENEWZ_SITE_URL=https://build.invalid RENEWZ_DATA_DIR=/opt/built \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q .

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
