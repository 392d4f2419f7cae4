"""Regional alliance (区域化党建联建): members, bodies, the three lists, claims, agreements, the year."""
