"""The public map of services, one service's page, and what a poster's code opens."""
