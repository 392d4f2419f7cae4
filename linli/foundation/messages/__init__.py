"""What people are told: templates, channels, delivery states, contacts, preferences."""
