"""The bus between services: one protocol, two implementations (Apache Kafka, a log in PostgreSQL)."""
