#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: the login of the services, which owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$SERVICE_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE disbursements_service LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE disbursements TO disbursements_service;
SQL
