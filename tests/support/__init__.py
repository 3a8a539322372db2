"""What tests lean on: settings, a PostgreSQL server, a browser, stricter templates, no network."""
