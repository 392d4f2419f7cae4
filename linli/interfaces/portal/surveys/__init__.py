"""Surveys as residents answer them: without a login, without a script, without a trace."""
