"""The arithmetic: money, financial years and periods, variance and rounding. No Django."""
