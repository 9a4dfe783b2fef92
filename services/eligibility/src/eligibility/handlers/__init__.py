"""
What eligibility does when something happens: one function per event, command, timer or reply.

Read in this order: `intake` (a message arrives), `patients` (whose is it), `encounters` and `charges` (what it
changes), `verification`, `authorizations`, `estimates`, `coverages` and `notices` (what people do), `directory`.
"""
