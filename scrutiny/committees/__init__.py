"""Committees: their meetings, questions, actions, recommendations and packs."""
