"""Template filters, loaded for every template by the settings."""
