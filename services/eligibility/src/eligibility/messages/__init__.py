"""The messages of eligibility: commands, local messages, timers, effects."""
