"""How things look: figures as words, table base, chart base, HTML to PDF. No models."""
