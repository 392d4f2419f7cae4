"""What was sent in: reviewed, followed up, taken out."""
