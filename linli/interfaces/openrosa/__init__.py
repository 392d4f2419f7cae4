"""The face for ODK Collect and Enketo: the OpenRosa interfaces."""
