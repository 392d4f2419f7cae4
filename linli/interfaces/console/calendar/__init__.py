"""The working calendar: the year, official notices, days of one's own."""
