"""Reads of the room `judgement`, one file for each thing judged."""
