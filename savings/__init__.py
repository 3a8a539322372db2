"""Savings proposals, their phasing and delivery, recovery plans and the medium-term strategy."""
