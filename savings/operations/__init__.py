"""Every write of savings, recovery plans and strategies: atomic, permitted, audited, refused by name."""
