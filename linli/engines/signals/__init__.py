"""What cameras and sensors tell: drafts for a person to judge, sums of people passing, the ledger of devices."""
