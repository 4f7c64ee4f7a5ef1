#!/bin/bash
# Starts a mongod or a mongos of deploy/compose.*.yaml with the key by which members prove themselves to each other. Secrets are
# readable by everybody in their container, and MongoDB takes no such key: so it gets a copy of its own.
set -euo pipefail
umask 077
tr -d '\n' < /run/secrets/mongodb_key > /tmp/mongodb.key
chown mongodb:mongodb /tmp/mongodb.key
exec docker-entrypoint.sh "$@" --keyFile /tmp/mongodb.key --bind_ip_all
