"""Closing a reopened period again without a change: two people, and no new version."""
