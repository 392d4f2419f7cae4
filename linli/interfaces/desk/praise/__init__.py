"""The register of thanks."""
