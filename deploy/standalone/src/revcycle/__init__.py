"""The command line, and all services on one machine with nothing to install."""
