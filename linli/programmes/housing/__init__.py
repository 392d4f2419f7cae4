"""群租整治 and the safety of buildings: verified, cleared together, watched."""
