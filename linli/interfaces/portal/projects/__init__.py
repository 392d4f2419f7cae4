"""Projects for everybody: the list, one project with its steps, questions to residents, a blocker's log by address."""
