"""HTTP of patient billing, by what is asked for: read, parse, call, render."""
