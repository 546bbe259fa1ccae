#!/bin/sh
# Run once by the PostgreSQL image. Overture's role is an ordinary one: row level security binds it.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v password="$OVERTURE_DATABASE_PASSWORD" <<'SQL'
create role overture login createdb password :'password';
create database overture owner overture;
SQL
