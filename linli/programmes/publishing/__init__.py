"""Words out: bulletins, reports, methods, media, channels."""
