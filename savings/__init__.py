"""Savings proposals, their phasing and delivery. Records arrive with the savings work; the package holds its place in the import order."""
