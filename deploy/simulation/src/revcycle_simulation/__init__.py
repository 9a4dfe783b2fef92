"""Simulated time: one clock drives the services and the world outside; scenarios, people, demo."""
