"""The gallery of components, with invented words: only where DEBUG or DEMO is on."""
