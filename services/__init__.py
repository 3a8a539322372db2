"""Councils, directorates, service lines, periods, budgets, virements, forecasts, reserves, grants and DSG."""
