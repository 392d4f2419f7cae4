"""Pure rules: what a payload must not hold, which events are one matter, when a device is silent or floods."""
