#!/usr/bin/env bash
# Start the grown-up form once: PostgreSQL, Redis, gunicorn, worker and beat, nginx before them.
set -euo pipefail
. .ci/servers.sh
work=$(mktemp -d)
export DATABASE_URL="$CI_DATABASE_URL" REDIS_URL="$CI_REDIS_URL" DATA_DIR="$work" BIND=127.0.0.1:8765
export SITE_URL=http://127.0.0.1:8766

python manage.py migrate --verbosity 0
python manage.py collectstatic --no-input --verbosity 0
setsid honcho start >"$work/log" 2>&1 &
portal=$!
cat >"$work/nginx.conf" <<CONF
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http { $(sed -e "s#/var/log/nginx#$work#" -e 's/127.0.0.1:8000/127.0.0.1:8765/' -e 's/listen 80/listen 8766/' deploy/nginx.conf) }
CONF
"$(command -v nginx || echo /usr/sbin/nginx)" -c "$work/nginx.conf" -g 'daemon on;'
trap 'kill $portal 2>/dev/null; kill "$(cat "$work/nginx.pid")" 2>/dev/null; wait' EXIT

page() { python -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode())' "$1"; }
for _ in $(seq 100); do page http://127.0.0.1:8766/healthz >"$work/health" 2>/dev/null && break; sleep 0.3; done
cat "$work/health"
grep -q '"database": true' "$work/health" && grep -q '"cache": true' "$work/health" || { cat "$work/log"; exit 1; }
page http://127.0.0.1:8766/accounts/login/ >"$work/login"
grep -q 登录 "$work/login"
for _ in $(seq 60); do celery -A liaison_portal inspect ping -t 1 >"$work/ping" 2>/dev/null && break; sleep 0.5; done
grep -q pong "$work/ping" || { cat "$work/log"; exit 1; }
echo "the grown-up form answers"
