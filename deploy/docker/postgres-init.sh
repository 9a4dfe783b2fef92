#!/bin/bash
# Makes a database for each service, and one for the log where there is no Kafka, each with the roles owner, api and
# worker; runs once, when the server's volume is empty. REVCYCLE_DATABASES=bus makes only that one, later.
set -euo pipefail
password=$(cat "${REVCYCLE_DATABASE_PASSWORD_FILE:-/run/secrets/database_password}")

for name in ${REVCYCLE_DATABASES:-eligibility claims denials patient_billing analytics bus}; do
    psql -v ON_ERROR_STOP=1 -v password="$password" -v name="$name" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD %L', :'name' || '_' || role, :'password')
FROM unnest(ARRAY['owner', 'api', 'worker']) AS role \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name' || '_owner') \gexec
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', :'name') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', :'name', :'name' || '_api', :'name' || '_worker') \gexec
SQL
    psql -v ON_ERROR_STOP=1 -v name="$name" --username "$POSTGRES_USER" --dbname "$name" <<'SQL'
SELECT format('ALTER SCHEMA public OWNER TO %I', :'name' || '_owner') \gexec
SELECT format('GRANT USAGE ON SCHEMA public TO %I, %I', :'name' || '_api', :'name' || '_worker') \gexec
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I, %I',
              :'name' || '_owner', :'name' || '_api', :'name' || '_worker') \gexec
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT USAGE ON SEQUENCES TO %I, %I',
              :'name' || '_owner', :'name' || '_api', :'name' || '_worker') \gexec
SQL
done
