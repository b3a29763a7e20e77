#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: the login of the service, which owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v database="$POSTGRES_DB" -v login="${POSTGRES_DB}_service" -v password="$SERVICE_PASSWORD" \
  -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE :"login" LOGIN NOINHERIT PASSWORD :'password';
GRANT CONNECT ON DATABASE :"database" TO :"login";
SQL
