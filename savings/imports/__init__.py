"""Schedules of savings and growth: a file to typed rows and a list of problems."""
