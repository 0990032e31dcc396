#!/bin/sh
# Runs once, when the database is made. The image's own user is above row-level security, so RowSense gets another one.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/database_password)" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE rowsense LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE rowsense OWNER rowsense;
SQL
