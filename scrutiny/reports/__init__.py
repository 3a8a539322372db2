"""The period's budget monitoring report: what it says, and its making by the job worker."""
