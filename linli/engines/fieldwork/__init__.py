"""A form × a list of targets × people and time: visits, checks, sweeps and surveys, and what they find.

So far the pure rules stand; findings become cases, so the room stands above them.
"""
