#!/bin/sh
# Who may use the bucket, from the two secrets; then the server.
set -eu
umask 077
cat >/tmp/s3.json <<JSON
{"identities": [{"name": "rowsense", "actions": ["Admin"], "credentials": [{
  "accessKey": "$(cat /run/secrets/s3_access_key)", "secretKey": "$(cat /run/secrets/s3_secret_key)"}]}]}
JSON
exec weed server -dir=/data -ip=s3 -ip.bind=0.0.0.0 -s3 -s3.config=/tmp/s3.json
