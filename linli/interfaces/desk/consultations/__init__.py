"""Consultations (会商): waiting problems, agenda, decisions, tasks."""
