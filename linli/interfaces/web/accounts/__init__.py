"""The pages of logging in and of accounts."""
