"""街面: patrols, shops' matters, frontages, lanes, shops together, contractors, officers."""
