"""专报: the figures of a period as a paper in the house's form, as Word and as PDF."""
