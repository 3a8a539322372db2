"""Every write of the working side: atomic, refused in words, and recorded in the audit trail in the same transaction."""
