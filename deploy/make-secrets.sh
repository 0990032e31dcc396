#!/bin/sh
# Makes what is not there yet. Keep the folder as safe as the data, and back it up with it.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 711 secrets
for name in postgres_password database_password s3_access_key s3_secret_key metrics_token; do
    [ -s "secrets/$name" ] && continue
    (umask 077 && LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 40 >"secrets/$name")
    # Containers read it as users of their own, so the folder, not the file, keeps others out.
    chmod 444 "secrets/$name"
done
# What others give out: written into these by hand, and read where rowsense.env names them.
for name in mail_password provider_secret; do
    [ -e "secrets/$name" ] || : >"secrets/$name"
    chmod 644 "secrets/$name"
done
