"""Placements, unit costs, activity and workforce. Records arrive with the demand work; the package holds its place in the import order."""
