"""PostgreSQL: connections, row security, migrations."""
