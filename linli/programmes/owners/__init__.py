"""业委会: what the subdistrict owes and asks of owners' committees; at first the yearly evaluation of how they run."""
