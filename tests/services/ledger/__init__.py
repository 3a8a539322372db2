"""Ledger files: from a table of codes and amounts to the figures of service lines."""
