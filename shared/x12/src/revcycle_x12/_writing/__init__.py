"""Loops to bytes: defaults put in, the guide kept to, counts made."""
