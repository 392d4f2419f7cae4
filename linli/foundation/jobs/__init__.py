"""Work after the transaction: jobs, schedules, outbox, worker."""
