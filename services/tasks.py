"""What the job worker does for officers: it checks and applies ledger files, which no request does."""

from django_tasks import task

from services.operations.ledger_work import apply_batch, check_batch


@task()
def check_ledger(batch_id: int) -> None:
    """Read one staged ledger file and keep what is found."""
    check_batch(batch_id)


@task()
def apply_ledger(batch_id: int) -> None:
    """Apply one confirmed ledger file, all of it or nothing."""
    apply_batch(batch_id)
