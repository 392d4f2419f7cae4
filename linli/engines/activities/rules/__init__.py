"""Rules of meetings: plain values in, plain values out."""
