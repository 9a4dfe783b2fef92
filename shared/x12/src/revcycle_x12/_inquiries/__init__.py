"""The parts of which the views of 270, 271 and 278 are made."""
