"""What cameras and sensors told, for a person to judge; and the ledger of these devices."""
