"""Surveys at the desk: planned in steps, followed by numbers, read by 居民区 once they have ended."""
