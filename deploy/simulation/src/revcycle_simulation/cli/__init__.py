"""The commands that the simulation adds to the command line of revcycle."""
