"""文明创建: the indicator library, points, self-checks and mock tests, campaigns, supervision."""
