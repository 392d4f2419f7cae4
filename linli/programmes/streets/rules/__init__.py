"""Rules of the streets room: no Django, no clock, no database."""
