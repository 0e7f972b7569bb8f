# The real servers of the suite: found on their standard ports, or Debian's are installed.
CI_DATABASE_URL=${CI_DATABASE_URL:-postgres://portal_ci:portal_ci@127.0.0.1:5432/portal_ci}
CI_REDIS_URL=${CI_REDIS_URL:-redis://127.0.0.1:6379/15}

need_packages() {
  local wanted=()
  [ -x /usr/bin/chromium ] || wanted+=(chromium)
  fc-list :lang=zh 2>/dev/null | grep -q . || wanted+=(fontconfig fonts-noto-cjk)
  command -v soffice >/dev/null || wanted+=(libreoffice-calc)
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || wanted+=(nginx-light)
  listens 5432 || wanted+=(postgresql)
  listens 6379 || wanted+=(redis-server)
  [ ${#wanted[@]} -eq 0 ] && return
  echo "== installing ${wanted[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
}

need_servers() {
  listens 5432 || service postgresql start
  listens 6379 || redis-server --daemonize yes --save "" --appendonly no >/dev/null
  for _ in $(seq 50); do listens 5432 && listens 6379 && break; sleep 0.2; done
  as_postgres "DO \$\$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_ci') THEN
      CREATE ROLE portal_ci LOGIN CREATEDB PASSWORD 'portal_ci';
    END IF; END \$\$"
  # What the tests write need not outlive a power cut.
  as_postgres "ALTER ROLE portal_ci SET synchronous_commit TO off"
  as_postgres "SELECT 1 FROM pg_database WHERE datname = 'portal_ci'" | grep -q 1 ||
    as_postgres "CREATE DATABASE portal_ci OWNER portal_ci"
}

as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    su postgres -c "psql -qtA -c \"${1//\$/\\\$}\""
  else
    sudo -u postgres psql -qtA -c "$1"
  fi
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
