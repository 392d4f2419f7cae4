"""Documents: taken in, put in order, decided, turned into tasks; policies and plans with their parts."""
