"""群租整治 on the desk: flats on their way, sweeps of buildings, zero reports, building safety."""
