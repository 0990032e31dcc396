#!/bin/sh
# Secrets come as files. The libraries that need them read the environment, so they are put there for this process alone;
# no address, no command line and no log has them.
set -eu

secret() { # VARIABLE FILE
    if [ -f "/run/secrets/$2" ]; then
        value=$(cat "/run/secrets/$2")
        export "$1=$value"
    fi
}

secret PGPASSWORD database_password
secret AWS_ACCESS_KEY_ID s3_access_key
secret AWS_SECRET_ACCESS_KEY s3_secret_key
secret ROWSENSE_METRICS_TOKEN metrics_token
exec "$@"
