"""Surveys of what residents know, feel and think, drawn by lot or open by QR."""
