"""The server: five services on one port, and the outside world where it is simulated."""
