"""
Delivery: every committed message takes effect exactly once, in commit order per stream.

`messages` says what can arrive, `stores` what can be kept, `work` what one handler may touch, `unit` runs many
handlers in one transaction, `relay` publishes the outbox, `runtime` ties them to a bus, a database and a clock.
"""
