"""The pure rules of the case loop: plain values in, plain values out."""
