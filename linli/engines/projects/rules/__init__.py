"""Pure rules of what was promised: scheduling back from a day, lights, progress of the whole."""
