"""Complete copies of everything BudgetWatch holds, and their return, each proved by comparing fingerprints."""
