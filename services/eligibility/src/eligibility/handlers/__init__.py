"""
What eligibility does when something happens: one function per event, command, timer or reply.

Read in this order: `intake` (a message arrives), `patients` (whose is it), `encounters` (what it changes),
`verification`, `authorizations`, `estimates`, `desk` (what people do), `directory`.
"""
